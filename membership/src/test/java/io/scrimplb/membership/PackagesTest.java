package io.scrimplb.membership;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class PackagesTest {
    private static final String ROOT = "io.scrimplb.membership";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onePackageSeesJGroups() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".jgroups")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jgroups..", ROOT + ".jgroups")
                .check(CLASSES);
    }

    @Test
    void wordsDependOnNothingAndTheWireOnlyOnThem() {
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".*..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".wire")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".exchange")
                .check(CLASSES);
    }
}
