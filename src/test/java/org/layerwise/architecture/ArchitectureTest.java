package org.layerwise.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.layerwise.base.HttpClients;
import org.layerwise.lora.Bias;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.model.quantization.WeightQuantization;

/** The plan of the house (src/site/markdown/architecture.md) as rules. */
@AnalyzeClasses(packages = "org.layerwise", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** A package may use those before it. */
    private static final List<String> ORDER = List.of(
            "base",
            "tensor",
            "checkpoint",
            "model",
            "data",
            "analysis",
            "lora",
            "generation",
            "training",
            "selection",
            "remote",
            "chart",
            "settings",
            "install",
            "run",
            "study",
            "gui",
            "cli");

    /** Maximum number of files in a package. */
    private static final int MOST_FILES = 40;

    /** Maximum number of classes that reach each other. */
    private static final int MOST_IN_A_CIRCLE = 6;

    @ArchTest
    static final ArchRule NO_VALUE_IS_TAKEN_FOR_A_NUMBER = noClasses()
            .should()
            .callMethodWhere(describe(
                    "turns any JSON value into a number or a yes",
                    call -> assignableTo(JsonNode.class).test(call.getTargetOwner())
                            && call.getName().matches("as(Int|Long|Double|Boolean)")))
            .because("Jackson takes \"x\" for 0 and \"yes\" for false; base.json.NumberReader refuses both by name");

    @ArchTest
    static final ArchRule ONE_MAKER_OF_HTTP_CLIENTS = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(HttpClients.class.getName())
            .should()
            .callMethodWhere(describe(
                    "creates an HTTP client",
                    call -> assignableTo(HttpClient.class).test(call.getTargetOwner())
                            && call.getName().matches("new(Builder|HttpClient)")))
            .because("limits of time and connections stand in one place");

    @ArchTest
    static final ArchRule PACKAGES_USE_THOSE_BEFORE_THEM = order();

    private static ArchRule order() {
        CompositeArchRule all = CompositeArchRule.of(usesOnlyThoseBefore(0));
        for (int i = 1; i + 1 < ORDER.size(); i++) {
            all = all.and(usesOnlyThoseBefore(i));
        }
        return all.because("data flows one way, and a reader may rely on it");
    }

    private static ArchRule usesOnlyThoseBefore(int index) {
        String[] later = ORDER.subList(index + 1, ORDER.size()).stream()
                .map(name -> "org.layerwise." + name + "..")
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("org.layerwise." + ORDER.get(index) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(later);
    }

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("org.layerwise.(**)").should().beFreeOfCycles();

    /** Use cases: a package may use those of earlier lines, and none of its own line. */
    private static final List<List<String>> USE_CASES = List.of(
            List.of("study.model"),
            List.of("study"),
            List.of("study.report"),
            List.of("study.analysis", "study.training", "study.evaluation", "study.adapter"),
            List.of("study.comparison", "study.cluster", "study.cost", "study.document"),
            List.of("study.experiment", "study.demo"));

    @ArchTest
    static final ArchRule USE_CASES_DO_NOT_SEE_THEIR_SIBLINGS = useCases();

    private static ArchRule useCases() {
        CompositeArchRule all = CompositeArchRule.of(
                slices().matching("org.layerwise.study.(*)..").should().beFreeOfCycles());
        for (int line = 0; line < USE_CASES.size(); line++) {
            for (String one : USE_CASES.get(line)) {
                String[] others = USE_CASES.subList(line, USE_CASES.size()).stream()
                        .flatMap(List::stream)
                        .filter(other -> !other.equals(one))
                        .map(other -> "org.layerwise." + other)
                        .toArray(String[]::new);
                all = all.and(noClasses()
                        .that()
                        .resideInAPackage("org.layerwise." + one)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(others));
            }
        }
        return all.because("an analysis knows nothing of a training; what both need stands below them");
    }

    /** Panes of the window. The pane of trainings shows the runs that it has begun. */
    private static final List<String> PANES = List.of(
            "model",
            "data",
            "analysis",
            "compare",
            "selection",
            "run",
            "training",
            "experiment",
            "preferences",
            "help");

    @ArchTest
    static final ArchRule PANES_DO_NOT_SEE_EACH_OTHER = panes();

    private static ArchRule panes() {
        CompositeArchRule all = null;
        for (String pane : PANES) {
            String[] others = PANES.stream()
                    .filter(other -> !other.equals(pane) && !(pane.equals("training") && other.equals("run")))
                    .map(other -> "org.layerwise.gui." + other)
                    .toArray(String[]::new);
            ArchRule rule = noClasses()
                    .that()
                    .resideInAPackage("org.layerwise.gui." + pane)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others);
            all = all == null ? CompositeArchRule.of(rule) : all.and(rule);
        }
        return Objects.requireNonNull(all)
                .because("panes share the session; what one tells another goes through it, or through gui.app");
    }

    @ArchTest
    static void everyPackageHasItsPlaceInTheOrder(JavaClasses classes) {
        assertThat(classes.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith("org.layerwise."))
                        .map(name -> name.split("\\.")[2])
                        .distinct())
                .as("packages that ORDER does not name may use everything, unseen")
                .containsExactlyInAnyOrderElementsOf(ORDER);
    }

    @ArchTest
    static void packagesAreSmall(JavaClasses classes) {
        Map<String, Long> files = classes.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        files.values().removeIf(count -> count <= MOST_FILES);
        assertThat(files)
                .as("packages of more than %s files, which nobody reads from end to end", MOST_FILES)
                .isEmpty();
    }

    @ArchTest
    static void circlesOfClassesAreSmall(JavaClasses classes) {
        assertThat(ClassCircles.of(classes, MOST_IN_A_CIRCLE))
                .as("classes that reach each other in a circle can only be understood together")
                .isEmpty();
    }

    @ArchTest
    static final ArchRule DJL_STAYS_IN_TENSOR = only(
            "the traps of DJL's arrays are sprung in one place",
            resideInAnyPackage("ai.djl..")
                    .and(DescribedPredicate.not(resideInAnyPackage("ai.djl.huggingface..", "ai.djl.util"))),
            "org.layerwise.tensor..");

    @ArchTest
    static final ArchRule TOKENIZERS_STAY_IN_DATA = only(
            "text becomes tokens in one place",
            resideInAnyPackage("ai.djl.huggingface..", "ai.djl.util"),
            "org.layerwise.data.token..");

    @ArchTest
    static final ArchRule DUCKDB_STAYS_IN_DATA = only(
            "files become rows in one place",
            resideInAnyPackage("org.duckdb..", "java.sql.."),
            "org.layerwise.data.file..");

    @ArchTest
    static final ArchRule ND4J_STAYS_IN_ANALYSIS =
            only("it is for small matrices on the host", resideInAnyPackage("org.nd4j.."), "org.layerwise.analysis..");

    @ArchTest
    static final ArchRule JAVAFX_STAYS_IN_GUI = only(
            "everything else runs without a display",
            resideInAnyPackage("javafx..", "org.controlsfx..", "atlantafx..", "org.kordamp.."),
            "org.layerwise.gui..");

    @ArchTest
    static final ArchRule JFREECHART_STAYS_IN_CHART_AND_GUI = only(
            "figures look alike in the window and on paper",
            resideInAnyPackage("org.jfree.."),
            "org.layerwise.chart..",
            "org.layerwise.gui..");

    @ArchTest
    static final ArchRule BATIK_STAYS_IN_CHART =
            only("SVG is written in one place", resideInAnyPackage("org.apache.batik.."), "org.layerwise.chart..");

    @ArchTest
    static final ArchRule SSH_STAYS_IN_REMOTE = only(
            "host keys are checked in one place",
            resideInAnyPackage("org.apache.sshd.."),
            "org.layerwise.remote.ssh..");

    @ArchTest
    static final ArchRule SURFACES_REACH_THE_REST_THROUGH_STUDY = noClasses()
            .that()
            .resideInAnyPackage("org.layerwise.gui..", "org.layerwise.cli..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.layerwise.tensor..",
                            "org.layerwise.checkpoint..",
                            "org.layerwise.model..",
                            "org.layerwise.lora..")
                    .and(DescribedPredicate.not(belongToAnyOf(
                            LoraSettings.class,
                            LoraVariant.class,
                            Initialisation.class,
                            Bias.class,
                            WeightQuantization.class))))
            .because("the window and the command line share the use cases of study");

    @ArchTest
    static final ArchRule NO_CONSOLE_OUTSIDE_CLI = noClasses()
            .that()
            .resideOutsideOfPackage("org.layerwise.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("work reports through Progress and the log");

    @ArchTest
    static final ArchRule NO_FILE_STORES = noClasses()
            .should()
            .callMethod(Files.class, "getFileStore", Path.class)
            .because("it fails in a chroot, where the mount point is not listed; base.file.DiskSpace works");

    @ArchTest
    static final ArchRule TEMPORARY_FOLDERS_ARE_SWEPT = noClasses()
            .should()
            .callMethod(Files.class, "createTempDirectory", String.class, FileAttribute[].class)
            .orShould()
            .callMethod(Files.class, "createTempFile", String.class, String.class, FileAttribute[].class)
            .because("a process that is killed leaves them; base.file.TemporaryFolder is deleted at the next start");

    @ArchTest
    static final ArchRule TEXT_IS_THE_SAME_IN_EVERY_LANGUAGE = noClasses()
            .should()
            .accessTargetWhere(LocaleRules.localisedCalls())
            .because("a user's language writes digits and letters of its own into SQL, file names and job scripts; "
                    + "name a Locale, which is Locale.ROOT for all that a program reads");

    @ArchTest
    static void formatsAreTheSameInEveryLanguage(JavaClasses classes) throws IOException {
        assertThat(LocaleRules.localisedFormats(Path.of("src/main/java")))
                .as("formatted(...) writes these in the user's language; write %s, or String.format(Locale.ROOT, ...)")
                .isEmpty();
    }

    @ArchTest
    static final ArchRule NO_STATIC_MUTABLE_STATE = fields().that()
            .areStatic()
            .and(new DescribedPredicate<JavaField>("are not made by the compiler") {
                @Override
                public boolean test(JavaField field) {
                    return !field.getName().startsWith("$");
                }
            })
            .should()
            .beFinal()
            .andShould()
            .notHaveRawType(new DescribedPredicate<JavaClass>("a thread-local or mutable collection") {
                @Override
                public boolean test(JavaClass type) {
                    return type.isAssignableTo(ThreadLocal.class)
                            || type.isAssignableTo(java.util.concurrent.atomic.AtomicReference.class)
                            || type.getPackageName().equals("java.util")
                                    && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class))
                                    && !type.isInterface();
                }
            })
            .because("what a class needs is passed to its constructor");

    private static ArchRule only(String because, DescribedPredicate<JavaClass> library, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat(library)
                .because(because);
    }
}
