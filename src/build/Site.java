import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Collects the pages of the site in a folder: the README as its index, those of src/site/markdown, the changelog, and the READMEs of
 * server-config and the examples. In the repository, links lead from file to file; here they lead from page to page. Headings get the
 * anchors that GitHub gives them. A link that leads nowhere fails the build. Run by pom.xml with the folder.
 */
final class Site {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]*)(#[^)\\s]*)?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^(#{1,6}) (.+)$");
    /** What is no text: blocks of code, and code within a line. */
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\n]*`");

    private final Path site;
    /** The pages of the site by their files in the repository. */
    private final Map<Path, Path> pages = new LinkedHashMap<>();

    private Site(Path site) {
        this.site = site;
    }

    public static void main(String[] arguments) throws IOException {
        new Site(Path.of(arguments[0])).collect();
    }

    private void collect() throws IOException {
        pages.put(Path.of("README.md"), Path.of("index.md"));
        pages.put(Path.of("CHANGELOG.md"), Path.of("CHANGELOG.md"));
        for (Path file : files("src/site/markdown")) {
            pages.put(file, Path.of("src/site/markdown").relativize(file));
        }
        for (Path file : files("server-config")) {
            add(file, file);
        }
        for (Path file : files("src/examples")) {
            add(file, Path.of("src").relativize(file));
        }
        for (Path file : files("src/site")) {
            if (!file.startsWith("src/site/markdown")) {
                copy(file, site.resolve(Path.of("src/site").relativize(file)));
            }
        }
        for (Map.Entry<Path, Path> page : pages.entrySet()) {
            Path to = site.resolve("markdown").resolve(page.getValue());
            Files.createDirectories(to.getParent());
            Files.writeString(to, page(page.getKey(), page.getValue()));
        }
    }

    private void add(Path file, Path to) throws IOException {
        if (file.endsWith("README.md")) {
            pages.put(file, to);
        } else {
            copy(file, site.resolve("resources").resolve(to));
        }
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("target"))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private String page(Path file, Path page) throws IOException {
        String markdown = Files.readString(file);
        StringBuilder text = new StringBuilder();
        int end = 0;
        Matcher code = CODE.matcher(markdown);
        while (code.find()) {
            text.append(links(markdown.substring(end, code.start()), file, page)).append(code.group());
            end = code.end();
        }
        return anchors(text.append(links(markdown.substring(end), file, page)).toString());
    }

    private static String anchors(String markdown) {
        StringBuilder text = new StringBuilder();
        int end = 0;
        Matcher code = Pattern.compile("(?ms)^```.*?^```$").matcher(markdown);
        while (code.find()) {
            text.append(headings(markdown.substring(end, code.start()))).append(code.group());
            end = code.end();
        }
        return text.append(headings(markdown.substring(end))).toString();
    }

    private static String headings(String markdown) {
        return HEADING.matcher(markdown).replaceAll(heading -> {
            String anchor = heading.group(2)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            return Matcher.quoteReplacement(
                    heading.group(1) + " <a id=\"" + anchor + "\"></a>" + heading.group(2));
        });
    }

    private String links(String markdown, Path file, Path page) {
        return LINK.matcher(markdown).replaceAll(link -> {
            try {
                return Matcher.quoteReplacement("](" + target(link, file, page) + ")");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String target(MatchResult link, Path file, Path page) throws IOException {
        String path = link.group(1);
        String anchor = link.group(2) == null ? "" : link.group(2);
        if (path.isEmpty() || path.matches("(?i)[a-z]+:.*")) {
            return path + anchor;
        }
        Path found = file.resolveSibling(path).normalize();
        if (Files.isDirectory(found)) {
            found = found.resolve("README.md");
        }
        if (!Files.exists(found)) {
            throw new IllegalStateException(file + " has a link to " + path + ", which does not exist");
        }
        Path target = pages.get(found);
        if (target != null) {
            target = target.resolveSibling(target.getFileName().toString().replaceAll("md$", "html"));
        } else if (found.startsWith("src/site/resources")) {
            target = Path.of("src/site/resources").relativize(found);
        } else if (found.startsWith("src/examples")) {
            target = Path.of("src").relativize(found);
        } else {
            target = found.startsWith("server-config") ? found : Path.of("source").resolve(found);
            copy(found, site.resolve("resources").resolve(target));
        }
        Path folder = page.getParent() == null ? Path.of("") : page.getParent();
        return folder.relativize(target).toString().replace('\\', '/') + anchor;
    }
}
