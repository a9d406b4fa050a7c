package dev.hubbub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The packages form layers, and dependencies have one direction only. */
class ArchitectureTest {
    /** Prefixes of the names of server classes, packages and MBeans in string constants. */
    private static final List<String> SERVERS = List.of(
            "org.apache.",
            "org.eclipse.jetty.",
            "org.glassfish.",
            "fish.payara.",
            "com.ibm.",
            "io.openliberty.",
            "org.osgi.",
            "org.jboss.",
            "org.wildfly.",
            "jboss.",
            "io.undertow.");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.hubbub");

    private static final SliceAssignment TOP_LEVEL_CLASSES_OF_THE_HUB = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().equals("dev.hubbub.hub")
                    ? SliceIdentifier.of(type.getName().replaceAll("\\$.*", ""))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "top-level classes of the hub";
        }
    };

    @Test
    void dependenciesPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("json")
                .definedBy("dev.hubbub.json")
                .layer("api")
                .definedBy("dev.hubbub")
                .layer("builtin")
                .definedBy("dev.hubbub.builtin")
                .layer("protocol")
                .definedBy("dev.hubbub.protocol")
                .layer("access")
                .definedBy("dev.hubbub.access")
                .layer("identity")
                .definedBy("dev.hubbub.identity")
                .layer("hub")
                .definedBy("dev.hubbub.hub")
                .layer("history")
                .definedBy("dev.hubbub.history")
                .layer("cluster")
                .definedBy("dev.hubbub.cluster")
                .layer("dispatch")
                .definedBy("dev.hubbub.dispatch")
                .layer("contract")
                .definedBy("dev.hubbub.contract")
                .layer("app")
                .definedBy("dev.hubbub.app")
                .layer("container")
                .definedBy("dev.hubbub.container..")
                .layer("websocket")
                .definedBy("dev.hubbub.websocket")
                .layer("http")
                .definedBy("dev.hubbub.http")
                .layer("socketio")
                .definedBy("dev.hubbub.socketio")
                .layer("http-api")
                .definedBy("dev.hubbub.api")
                .layer("management")
                .definedBy("dev.hubbub.management")
                .layer("servlet")
                .definedBy("dev.hubbub.servlet")
                .layer("standalone")
                .definedBy("dev.hubbub.standalone")
                .layer("launch")
                .definedBy("dev.hubbub.launch")
                .whereLayer("json")
                .mayNotAccessAnyLayer()
                .whereLayer("api")
                .mayOnlyAccessLayers("json")
                .whereLayer("builtin")
                .mayOnlyAccessLayers("api")
                .whereLayer("protocol")
                .mayOnlyAccessLayers("api", "json")
                .whereLayer("access")
                .mayOnlyAccessLayers("api", "protocol")
                .whereLayer("identity")
                .mayOnlyAccessLayers("api")
                .whereLayer("hub")
                .mayOnlyAccessLayers("api", "json", "protocol", "access")
                .whereLayer("history")
                .mayOnlyAccessLayers("api", "protocol", "hub")
                .whereLayer("cluster")
                .mayOnlyAccessLayers("api", "json", "protocol", "hub")
                .whereLayer("dispatch")
                .mayOnlyAccessLayers("api", "protocol", "access", "hub")
                .whereLayer("contract")
                .mayOnlyAccessLayers("api", "json", "protocol", "dispatch")
                .whereLayer("app")
                .mayOnlyAccessLayers(
                        "api", "builtin", "protocol", "access", "identity", "hub", "history", "cluster", "dispatch")
                .whereLayer("container")
                .mayOnlyAccessLayers("protocol", "hub")
                .whereLayer("websocket")
                .mayOnlyAccessLayers("api", "protocol", "hub", "dispatch", "app", "http", "container")
                .whereLayer("http")
                .mayOnlyAccessLayers("api", "json", "protocol", "access", "hub", "dispatch", "app", "container")
                .whereLayer("socketio")
                .mayOnlyAccessLayers(
                        "api", "json", "protocol", "access", "hub", "dispatch", "app", "websocket", "http", "container")
                .whereLayer("http-api")
                .mayOnlyAccessLayers("api", "json", "protocol", "access", "hub", "app", "http")
                .whereLayer("management")
                .mayOnlyAccessLayers("api", "protocol", "access", "hub", "dispatch", "app")
                .whereLayer("servlet")
                .mayOnlyAccessLayers(
                        "api",
                        "json",
                        "access",
                        "hub",
                        "dispatch",
                        "app",
                        "websocket",
                        "http",
                        "socketio",
                        "management",
                        "contract",
                        "http-api",
                        "container")
                .whereLayer("standalone")
                .mayOnlyAccessLayers(
                        "api",
                        "json",
                        "app",
                        "contract",
                        "hub",
                        "websocket",
                        "http",
                        "socketio",
                        "management",
                        "http-api",
                        "servlet",
                        "container")
                .whereLayer("launch")
                .mayNotAccessAnyLayer()
                .check(CLASSES);
    }

    /** Parts of the hub are given what they need, and do not depend on the hub itself. */
    @Test
    void hubClassesHaveNoCyclicDependencies() {
        slices().assignedFrom(TOP_LEVEL_CLASSES_OF_THE_HUB)
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.hubbub.hub")
                .and()
                .doNotHaveSimpleName("LocalHub")
                .and()
                .doNotHaveSimpleName("Drain")
                .should()
                .dependOnClassesThat()
                .haveSimpleName("LocalHub")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCyclicDependencies() {
        slices().matching("dev.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** These classes are loaded by name, and must not be loaded on other servers. */
    @Test
    void noOtherCodeDependsOnTheSupportForOneServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hubbub.container.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.hubbub.container.*..")
                .check(CLASSES);
        slices().matching("dev.hubbub.container.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void onlyContainersAndTheStandaloneServerReferToServerClassesByName() throws IOException {
        Map<String, String> strings = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().startsWith("dev.hubbub.container.")
                    && !type.getPackageName().equals("dev.hubbub.standalone")) {
                byte[] bytes = Files.readAllBytes(
                        Path.of(type.getSource().orElseThrow().getUri()));
                strings.put(type.getName(), new String(bytes, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(strings)
                .isNotEmpty()
                .allSatisfy((name, constants) -> assertThat(SERVERS).as(name).noneMatch(constants::contains));
    }

    @Test
    void librariesAreUsedOnlyByTheirPackages() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.hubbub.container.*..", "dev.hubbub.standalone")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.glassfish..", "io.github.classgraph..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hubbub.identity")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jose4j..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hubbub.cluster")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("redis..")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.hubbub.Hub") // Hub.of(ServletContext)
                .and()
                .doNotHaveFullyQualifiedName("dev.hubbub.Handshake") // session()
                .and()
                .resideOutsideOfPackages(
                        "dev.hubbub.container..",
                        "dev.hubbub.websocket",
                        "dev.hubbub.http",
                        "dev.hubbub.api",
                        "dev.hubbub.socketio",
                        "dev.hubbub.servlet",
                        "dev.hubbub.standalone")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.servlet..", "jakarta.websocket.server..")
                .check(CLASSES);
    }

    /** The test kit is an artifact of its own, which applications have on the class path of their tests only. */
    @Test
    void theTestKitNeedsNothingButHubbubJunitAndTheJakartaEeApi() throws IOException {
        JavaClasses kit = new ClassFileImporter().importPath(Path.of("target/test-classes/dev/hubbub/test"));
        assertThat(kit).isNotEmpty();
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "jakarta.json..",
                        "jakarta.servlet..",
                        "org.junit.jupiter.api.extension",
                        "dev.hubbub",
                        "dev.hubbub.test",
                        "dev.hubbub.app",
                        "dev.hubbub.dispatch",
                        "dev.hubbub.hub",
                        "dev.hubbub.protocol")
                .check(kit);
    }
}
