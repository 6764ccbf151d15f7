package org.encore.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The picture of the modules in docs/architecture.md, as rules that the compiled classes must keep. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/jmh_generated/")) // not written by us
            .importPackages("org.encore");

    /** A rule over nothing holds always: prove that every module was seen. */
    @ParameterizedTest
    @MethodSource("org.encore.app.Modules#plain")
    void classesOfEveryModuleAreImported(String module) {
        String prefix = "org.encore." + module;
        assertFalse(
                CLASSES.stream()
                        .noneMatch(each -> each.getPackageName().equals(prefix)
                                || each.getPackageName().startsWith(prefix + ".")),
                "no class of " + module + " was imported");
    }

    @Test
    void modulesSeeOnlyWhatTheyMay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("base")
                .definedBy("org.encore.base..")
                .layer("web")
                .definedBy("org.encore.web..")
                .layer("browser")
                .definedBy("org.encore.browser..")
                .layer("statistics")
                .definedBy("org.encore.statistics..")
                .layer("music")
                .definedBy("org.encore.music..")
                .layer("model")
                .definedBy("org.encore.model..")
                .layer("run")
                .definedBy("org.encore.run..")
                .layer("rewards")
                .definedBy("org.encore.rewards..")
                .layer("preferences")
                .definedBy("org.encore.preferences..")
                .layer("evaluation")
                .definedBy("org.encore.evaluation..")
                .layer("steering")
                .definedBy("org.encore.steering..")
                .layer("trainer")
                .definedBy("org.encore.trainer..")
                .layer("benchmarks")
                .definedBy("org.encore.benchmarks..")
                .layer("app")
                .definedBy("org.encore.app..")
                .whereLayer("base")
                .mayNotAccessAnyLayer()
                .whereLayer("web")
                .mayNotAccessAnyLayer()
                .whereLayer("browser")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("statistics")
                .mayOnlyAccessLayers("base")
                .whereLayer("music")
                .mayOnlyAccessLayers("base")
                .whereLayer("model")
                .mayOnlyAccessLayers("base", "music")
                .whereLayer("run")
                .mayOnlyAccessLayers("base", "music", "model")
                .whereLayer("rewards")
                .mayOnlyAccessLayers("base", "statistics", "music", "model", "run")
                .whereLayer("preferences")
                .mayOnlyAccessLayers("base", "web", "statistics", "music", "model", "run", "rewards")
                .whereLayer("evaluation")
                .mayOnlyAccessLayers("base", "statistics", "music", "model", "run", "rewards")
                .whereLayer("steering")
                .mayOnlyAccessLayers("base", "web", "statistics", "music", "model", "run", "rewards", "evaluation")
                .whereLayer("trainer")
                .mayOnlyAccessLayers("base", "statistics", "music", "model", "run", "rewards", "evaluation")
                .whereLayer("benchmarks")
                .mayOnlyBeAccessedByLayers("app")
                .because("a learned preference reaches the trainer as a reward like any other")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("org.encore.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.encore.app..")
                .should(ACCESS_STANDARD_STREAMS)
                .because("libraries report through return values, exceptions and Progress")
                .check(CLASSES);
    }

    /** The module that a profile adds brings 250 MB, which nobody else may need. */
    @Test
    void thePlainClassPathHasNoSpark() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("org.apache.spark.SparkContext"));
        assertThrows(ClassNotFoundException.class, () -> Class.forName("org.encore.cluster.SparkProvider"));
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "scala..", "org.apache.hadoop..")
                .because("only the module cluster sees Spark")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineKnowsYaml() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.encore.app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson.dataformat.yaml..", "org.yaml..")
                .because("components receive their settings as records")
                .check(CLASSES);
    }

    @Test
    void onlyTheKernelsAndTheNetworksOfRewardsTouchNd4j() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.encore.model.kernels..", "org.encore.rewards.networks")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.bytedeco..")
                .because("the kernels are the seam for other hardware")
                .check(CLASSES);
    }

    @Test
    void onlyTheNetworksOfRewardsTouchDeeplearning4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.encore.rewards.networks")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.deeplearning4j..")
                .because("rewards shall not depend on who computes their networks")
                .check(CLASSES);
    }

    /** Code that takes memory for granted is in the SIMD kernels, or in the shortcuts that the portable ones take on a CPU. */
    @Test
    void onlyTheSimdKernelsAssumeHostMemory() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.encore.model.kernels.simd..")
                .and()
                .resideOutsideOfPackage("org.encore.model.kernels.nd4j..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "jdk.incubator.vector..")
                .because("tensors may lie in the memory of another device")
                .check(CLASSES);
    }

    /** They are loaded only beside an incubating module, which may be absent. */
    @Test
    void nobodyNamesTheSimdKernels() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.encore.model.kernels.simd..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.encore.model.kernels.simd..")
                .because("a JVM without their module must still run on portable kernels")
                .check(CLASSES);
    }

    @Test
    void onlyMeasurementsTouchWhatTheyCompareWith() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.encore.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "ai.djl.engine..",
                        "ai.djl.ndarray..",
                        "ai.djl.nn..",
                        "ai.djl.training..",
                        "ai.djl.pytorch..",
                        "org.openjdk.jmh..")
                .because("no other command has LibTorch and JMH on its class path")
                .check(CLASSES);
    }

    /** Java serialisation and typed JSON make objects of classes that a file names. */
    @Test
    void noFileChoosesClasses() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.Object(In|Out)putStream|java\\.beans\\.XML(De|En)coder")
                .because("who reads them runs what a stranger wrote")
                .check(CLASSES);
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe("that lets a file name a class", call -> call.getName()
                        .matches("(activate|enable)DefaultTyping.*|polymorphicTypeValidator")))
                .because("settings are records that the code names")
                .check(CLASSES);
        assertTrue(
                CLASSES.stream()
                        .filter(each -> each.isAnnotatedWith(JsonTypeInfo.class))
                        .allMatch(each ->
                                each.getAnnotationOfType(JsonTypeInfo.class).use() == JsonTypeInfo.Id.NAME),
                "a file may choose among variants by the names that the code lists, and by nothing else");
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .areStatic()
                .should()
                .beFinal()
                .because("global state makes runs depend on their order")
                .check(CLASSES);
    }

    @Test
    void testsDoNotSkipThemselves() throws IOException {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "org\\.junit\\.jupiter\\.api\\.(Assumptions|Disabled|condition\\.(?!EnabledIfEnvironmentVariable).*)")
                .because("a skipped test checks nothing and looks green; only data that cannot be in the sources is an"
                        + " excuse")
                .check(testClasses());
    }

    private static JavaClasses testClasses() throws IOException {
        List<Path> compiled = Modules.plain().stream()
                .map(module -> Modules.folder(module).resolve("target/test-classes"))
                .toList();
        JavaClasses tests = new ClassFileImporter().importPaths(compiled);
        assertFalse(tests.isEmpty(), "no test class was imported");
        return tests;
    }
}
