package dev.hubbub.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of code on a page.
 *
 * @param line the line of the page on which the code begins
 * @param language what follows the fence; empty if nothing does
 * @param file the path of the file that the block is, which stands above it as {@code `path`:}; null if it is no file
 */
record Snippet(Path page, int line, String language, String file, String code) {
    private static final Pattern FENCE = Pattern.compile(
            "(?m)(?:^`(?<file>[^`\n]+)`:\n\n)?^```(?<language>\\w*)\n(?<code>.*?)^```$", Pattern.DOTALL);

    /** README.md and the pages of the site. */
    static List<Path> pages() {
        try (Stream<Path> files = Files.walk(Path.of("src/site/markdown"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            files.filter(file -> file.toString().endsWith(".md"))
                                    .sorted())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pages, and the other documents that people read: the changelog, and the READMEs of examples and configurations. */
    static List<Path> documents() {
        List<Path> documents = new ArrayList<>(pages());
        documents.add(Path.of("CHANGELOG.md"));
        for (String folder : List.of("server-config", "src/examples", "src/npm")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                files.filter(file -> file.endsWith("README.md")).sorted().forEach(documents::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return documents;
    }

    static List<Snippet> of(Path page) {
        String text;
        try {
            text = Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Snippet> snippets = new ArrayList<>();
        Matcher fence = FENCE.matcher(text);
        while (fence.find()) {
            int line = (int) text.substring(0, fence.start("code")).lines().count() + 1;
            snippets.add(new Snippet(page, line, fence.group("language"), fence.group("file"), fence.group("code")));
        }
        return snippets;
    }

    /** All snippets of all documents in one of these languages. */
    static Stream<Snippet> in(String... languages) {
        return documents().stream()
                .flatMap(page -> of(page).stream())
                .filter(snippet -> List.of(languages).contains(snippet.language()));
    }

    @Override
    public String toString() {
        return page + ":" + line;
    }
}
