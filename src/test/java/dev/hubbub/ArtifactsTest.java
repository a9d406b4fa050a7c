package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What an application gets that depends on Hubbub, and what Maven Central asks for. */
class ArtifactsTest {
    private static Document pom() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    private static String text(Element parent, String name) {
        List<Element> children = children(parent, name);
        return children.isEmpty() ? "" : children.get(0).getTextContent().strip();
    }

    /** Maven resolves one pom for the WAR and for the classes. */
    @Test
    void anApplicationGetsJsonAndTokensButNoLoggingAndNoServer() throws Exception {
        Element dependencies =
                children(pom().getDocumentElement(), "dependencies").get(0);
        assertThat(children(dependencies, "dependency").stream()
                        .filter(dependency -> text(dependency, "scope").isEmpty()
                                || text(dependency, "scope").matches("compile|runtime"))
                        .filter(dependency -> !text(dependency, "optional").equals("true"))
                        .map(dependency -> text(dependency, "artifactId")))
                .containsExactlyInAnyOrder(
                        "jakarta.json.bind-api",
                        "jakarta.json-api",
                        "yasson",
                        "parsson",
                        "jose4j",
                        "slf4j-api",
                        "jedis",
                        "prometheus-metrics-model",
                        "prometheus-metrics-exposition-textformats");
    }

    @Test
    void thePomSaysWhatMavenCentralAsksFor() throws Exception {
        Element project = pom().getDocumentElement();
        for (String name : List.of("name", "description", "url", "licenses", "developers", "scm")) {
            assertThat(text(project, name)).as(name).isNotEmpty();
        }
    }
}
