package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links between the files of this repository lead somewhere, also those to a section of a page. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\n]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    /** The anchors of a page, as GitHub makes them of its headings. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        Matcher heading = HEADING.matcher(Files.readString(page).replaceAll("(?ms)^```.*?^```$", ""));
        while (heading.find()) {
            String anchor = heading.group(1)
                    .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        }
        return anchors;
    }

    private static List<String> brokenLinks(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        String text = CODE.matcher(Files.readString(page)).replaceAll("");
        Matcher link = LINK.matcher(text);
        while (link.find()) {
            String target = link.group(1);
            if (target.matches("(?i)[a-z]+:.*")) {
                continue; // elsewhere
            }
            int hash = target.indexOf('#');
            String path = hash < 0 ? target : target.substring(0, hash);
            Path file = path.isEmpty() ? page : page.resolveSibling(path).normalize();
            if (!Files.exists(file)
                    || hash >= 0 && Files.isRegularFile(file) && !anchors(file).contains(target.substring(hash + 1))) {
                broken.add(page + ": " + target);
            }
        }
        return broken;
    }

    @Test
    void linksLeadSomewhere() throws Exception {
        List<String> broken = new ArrayList<>();
        for (Path page : Snippet.documents()) {
            broken.addAll(brokenLinks(page));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theMenuOfTheSiteHasEachPage() throws Exception {
        List<String> menu = Pattern.compile("href=\"([^\"]+)\\.html\"")
                .matcher(Files.readString(Path.of("src/site/site.xml")))
                .results()
                .map(item -> item.group(1))
                .toList();
        Path site = Path.of("src/site/markdown");
        List<String> pages = Snippet.pages().stream()
                .filter(page -> page.startsWith(site))
                .map(page -> page.getFileName().toString().replaceAll("\\.md$", ""))
                .toList();
        assertThat(menu)
                .containsAll(pages)
                .doesNotHaveDuplicates()
                .hasSize(pages.size() + 4); // README.md as the index, the changelog, the Java API and server-config
    }

    @Test
    void aBrokenLinkIsFound(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("other.md"), "# Other\n\n## A `hubbub.js` & more\n\n## Twice\n\n## Twice\n");
        Path page = Files.writeString(
                folder.resolve("page.md"),
                "# Page\n[a](other.md#a-hubbubjs--more) [b](other.md#twice-1) [c](#page) [d](https://example.org/nothing)\n"
                        + "[e](other.md#twice-2) [f](missing.md) [g](#nothing) `[h](code.md)`\n");
        assertThat(brokenLinks(page))
                .containsExactly(page + ": other.md#twice-2", page + ": missing.md", page + ": #nothing");
    }
}
