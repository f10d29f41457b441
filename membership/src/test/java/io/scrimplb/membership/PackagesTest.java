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
    void twoPackagesSeeJGroupsAndOneSeesNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".jgroups", ROOT + ".transport")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jgroups..", ROOT + ".jgroups", ROOT + ".transport")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".transport")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(CLASSES);
    }

    @Test
    void trustIsFreeOfWhatCarriesIt() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".trust")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".exchange", ROOT + ".transport", ROOT + ".jgroups", "io.netty..", "org.jgroups..")
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
