package io.scrimplb.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The package table of the application: the only module that knows both the proxy and the cluster. */
final class AppArchitectureTest {
    private static final String ROOT = "io.scrimplb.app";

    /** The package table: each depends only on those before it. The last one is the root itself where it has classes. */
    private static final List<String> ORDER = List.of(
            "io.scrimplb.app.certificates",
            "io.scrimplb.app.config",
            "io.scrimplb.app.registry",
            "io.scrimplb.app.control",
            "io.scrimplb.app.metrics",
            "io.scrimplb.app.acme",
            "io.scrimplb.app.accesslog",
            "io.scrimplb.app.admin",
            "io.scrimplb.app.runtime",
            "io.scrimplb.app.demo",
            "io.scrimplb.app.cli");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    static List<String> packages() {
        return ORDER;
    }

    @Test
    void theTableNamesEveryPackage() {
        Set<String> there = CLASSES.stream()
                .map(type -> type.getPackageName())
                .filter(name -> name.startsWith(ROOT))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(ORDER).containsExactlyInAnyOrderElementsOf(there);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageDependsOnlyOnThoseBeforeIt(String name) {
        String[] before = ORDER.subList(0, ORDER.indexOf(name) + 1).toArray(String[]::new);

        noClasses()
                .that(resideInAPackage(name))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(before))))
                .check(CLASSES);
    }

    @Test
    void nobodyHereTouchesNettyOrJGroups() {
        noClasses()
                .that(resideInAPackage(ROOT + ".."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty..", "org.jgroups.."))
                .check(CLASSES);
    }
}
