package dev.hubbub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: json, api, protocol, hub, dispatch, app, transports, servers. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.hubbub");

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
                .layer("dispatch")
                .definedBy("dev.hubbub.dispatch")
                .layer("app")
                .definedBy("dev.hubbub.app")
                .layer("websocket")
                .definedBy("dev.hubbub.websocket")
                .layer("http")
                .definedBy("dev.hubbub.http")
                .layer("socketio")
                .definedBy("dev.hubbub.socketio")
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
                .mayOnlyAccessLayers("api")
                .whereLayer("identity")
                .mayOnlyAccessLayers("api")
                .whereLayer("hub")
                .mayOnlyAccessLayers("api", "json", "protocol", "access")
                .whereLayer("dispatch")
                .mayOnlyAccessLayers("api", "protocol", "access", "hub")
                .whereLayer("app")
                .mayOnlyAccessLayers("api", "builtin", "protocol", "access", "identity", "hub", "dispatch")
                .whereLayer("websocket")
                .mayOnlyAccessLayers("api", "protocol", "hub", "dispatch", "app", "http")
                .whereLayer("http")
                .mayOnlyAccessLayers("api", "json", "protocol", "hub", "dispatch", "app")
                .whereLayer("socketio")
                .mayOnlyAccessLayers("api", "json", "protocol", "hub", "dispatch", "app", "websocket", "http")
                .whereLayer("management")
                .mayOnlyAccessLayers("api", "access", "hub", "dispatch", "app")
                .whereLayer("servlet")
                .mayOnlyAccessLayers(
                        "api", "json", "access", "hub", "app", "websocket", "http", "socketio", "management")
                .whereLayer("standalone")
                .mayOnlyAccessLayers("api", "app", "websocket", "http", "socketio", "management", "servlet")
                .whereLayer("launch")
                .mayNotAccessAnyLayer()
                .check(CLASSES);
    }

    @Test
    void noPackagesDependOnEachOther() {
        slices().matching("dev.(hubbub.*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheTransportAndTheServersKnowTheirLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.hubbub.websocket", "dev.hubbub.standalone")
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
                .resideOutsideOfPackages(
                        "dev.hubbub.websocket",
                        "dev.hubbub.http",
                        "dev.hubbub.socketio",
                        "dev.hubbub.servlet",
                        "dev.hubbub.standalone")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.servlet..", "jakarta.websocket.server..")
                .check(CLASSES);
    }
}
