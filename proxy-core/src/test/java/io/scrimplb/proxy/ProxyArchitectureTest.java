package io.scrimplb.proxy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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

/** The package table of the proxy, and what it may know: Netty and no cluster, no files, no admin address. */
final class ProxyArchitectureTest {
    private static final String ROOT = "io.scrimplb.proxy";

    /** The package table: each depends only on those before it. The last one is the root itself where it has classes. */
    private static final List<String> ORDER = List.of(
            "io.scrimplb.proxy.spec",
            "io.scrimplb.proxy.telemetry",
            "io.scrimplb.proxy.endpoint",
            "io.scrimplb.proxy.balance",
            "io.scrimplb.proxy.transport",
            "io.scrimplb.proxy.tls",
            "io.scrimplb.proxy.upstream",
            "io.scrimplb.proxy.routing",
            "io.scrimplb.proxy.http",
            "io.scrimplb.proxy.exchange",
            "io.scrimplb.proxy.h1",
            "io.scrimplb.proxy.h2",
            "io.scrimplb.proxy.tcp",
            "io.scrimplb.proxy.listener",
            "io.scrimplb.proxy");

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
    void theProxyKnowsNettyAndTheJdkAlone() {
        classes()
                .that(resideInAPackage(ROOT + ".."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        ROOT + "..",
                        "java..",
                        "javax.net.ssl..",
                        "javax.security.auth.x500..",
                        "io.netty..",
                        "org.slf4j..",
                        "org.jspecify.."))
                .check(CLASSES);
    }

    @Test
    void valuesAndDecisionsKnowNoNetty() {
        for (String pure : List.of(".spec", ".telemetry", ".endpoint", ".balance", ".routing")) {
            noClasses()
                    .that(resideInAPackage(ROOT + pure))
                    .should()
                    .dependOnClassesThat(resideInAPackage("io.netty.."))
                    .check(CLASSES);
        }
    }
}
