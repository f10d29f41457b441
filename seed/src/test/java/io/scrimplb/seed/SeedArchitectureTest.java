package io.scrimplb.seed;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The package table of this module: seed, then seed.address, then one package a provider. */
final class SeedArchitectureTest {
    private static final String SEED = "io.scrimplb.seed";
    private static final List<String> LIBRARIES =
            List.of("java..", "javax.naming..", "com.fasterxml.jackson..", "org.slf4j..", "org.jspecify..");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(SEED);

    private static void onlyDependOn(String of, String... allowed) {
        List<String> packages = new java.util.ArrayList<>(LIBRARIES);
        packages.addAll(List.of(allowed));
        classes()
                .that()
                .resideInAPackage(of)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(SEED + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theCoreKnowsNoProvider() {
        onlyDependOn(SEED, SEED);
    }

    @Test
    void addressesKnowTheCoreAlone() {
        onlyDependOn(SEED + ".address", SEED, SEED + ".address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"manual", "file", "http", "dns", "dummy"})
    void aProviderKnowsTheCoreAlone(String provider) {
        onlyDependOn(SEED + "." + provider, SEED, SEED + "." + provider);
    }

    @Test
    void s3AloneSeesInstanceMetadataAndTheSigner() {
        onlyDependOn(SEED + ".s3", SEED, SEED + ".address", SEED + ".s3", "software.amazon.awssdk..");
    }
}
