package dev.hubbub.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of log lines lists what the sources log, and nothing else. */
class LogsTest {
    /** Lines that are not in one place of the sources: of the audit, of CapacityWatch, and of the start. */
    private static final Set<String> ELSEWHERE =
            Set.of("Operations.java", "Deletion.java", "CapacityWatch.java", "Main.java");

    private static final Pattern ROW = Pattern.compile("^\\| `(.+?)` \\| (\\w+) \\|", Pattern.MULTILINE);

    private static Map<String, String> documented() throws Exception {
        Map<String, String> rows = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("src/site/markdown/logs.md")))
                .results()
                .forEach(row -> rows.put(row.group(1), row.group(2)));
        return rows;
    }

    @Test
    void everyMessageOfTheSourcesIsExplained() throws Exception {
        Map<String, String> logged = LogMessages.all();
        assertThat(logged).hasSizeGreaterThan(100).containsKeys(ELSEWHERE.toArray(String[]::new));
        logged.keySet().removeAll(ELSEWHERE);
        assertThat(documented().keySet()).containsAll(logged.keySet());
    }

    @Test
    void everyExplainedMessageExistsWithItsLevel() throws Exception {
        Map<String, String> logged = LogMessages.all();
        assertThat(documented())
                .allSatisfy((message, level) ->
                        assertThat(logged.get(message)).as(message).isIn(level, ""));
    }
}
