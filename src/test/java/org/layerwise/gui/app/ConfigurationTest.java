package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.Rsa;
import org.layerwise.base.json.Json;
import org.layerwise.data.TaskPreset;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.data.DataViewModel;
import org.layerwise.gui.model.RememberedFolders;
import org.layerwise.gui.run.NotedRuns;
import org.layerwise.gui.session.LayerLock;
import org.layerwise.gui.study.NotedStudies;
import org.layerwise.gui.study.NotedWindows;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;
import org.layerwise.testing.Golden;
import org.layerwise.testing.TinyModels;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;

class ConfigurationTest {

    private static final Path CONFIGS = Path.of("sample-configs");

    private static final FakeHub HUB = FakeHub.start();

    @TempDir
    static Path home;

    @TempDir
    Path folder;

    private final TinyLab lab = new TinyLab(home, HUB);
    private final Desk desk = new Desk();
    private final ChosenFiles files = new ChosenFiles();
    private final ViewModels models = ViewModels.of(
            new ViewModels.World(
                    lab.workbench(),
                    lab::clusters,
                    desk,
                    desk,
                    files,
                    desk,
                    new RememberedFolders(),
                    new NotedStudies(),
                    new NotedRuns(),
                    new RememberedExports(),
                    new NotedWindows(),
                    new DefaultFolders(Path.of("target", "runs"), Path.of("target", "recovery")),
                    Clock.systemUTC(),
                    address -> {}),
            () -> false);

    /** The models of the published configurations: as deep as the real ones, and their modules are called the same. */
    @BeforeAll
    static void fillTheHub() {
        publish("roberta-base", "roberta", 12);
        publish("microsoft/deberta-v3-base", "deberta_v3", 12);
        publish("google/gemma-7b", "gemma", 28);
        publish("meta-llama/Llama-2-7b-hf", "llama", 32);
        publish("mistralai/Mistral-7B-v0.1", "mistral", 32);
        publish("llava-hf/llava-1.5-7b-hf", "llava", 32);
        FakeRepo bert = HUB.add(FakeRepo.of("org/bert", TinyModels.shared("encoder")));
        bert.revision("1111").revision("2222");
    }

    private static void publish(String id, String golden, int layers) {
        HUB.add(FakeRepo.of(
                id, TinyModels.deeper(home.resolve("golden").resolve(golden), Golden.folder(golden), layers)));
    }

    @AfterAll
    static void closeTheHub() {
        HUB.close();
    }

    static List<JsonNode> published() {
        List<JsonNode> recipes = new ArrayList<>();
        Json.read(Path.of("src/test/resources/org/layerwise/cli/paper-recipes.json"))
                .forEach(recipes::add);
        return recipes;
    }

    @ParameterizedTest
    @MethodSource("published")
    void everyPublishedConfigurationIsOpened(JsonNode recipe) {
        Path file = CONFIGS.resolve("paper").resolve(recipe.path("file").asText() + ".yaml");
        String model = recipe.path("model").asText();
        String oneHot = recipe.path("one_hot").asText();
        TrainingForm form = models.training().form();

        open(file);

        assertThat(desk.problems()).isEmpty();
        assertThat(desk.notices()).containsExactly(file.getFileName() + " is open");
        assertThat(models.hub().nameProperty().get()).isEqualTo(model);
        assertThat(models.model().choosingProperty().get()).isTrue();
        assertThat(models.data().samplesProperty().get())
                .isEqualTo(recipe.path("train_samples").asInt(1_000_000));
        assertThat(models.data().maxLengthProperty().get())
                .isEqualTo(recipe.path("max_length").asInt(4096));
        assertThat(form.optimiser().batch().get())
                .isEqualTo(recipe.path("batch_size").asInt());
        assertThat(form.adapter().rank().get()).isEqualTo(recipe.path("r").asInt());
        assertThat(form.settings(null).adapter().variant().id())
                .isEqualTo(recipe.path("method").asText().equals("pissa") ? "pissa" : "lora");

        models.model().open(model);
        desk.work();

        assertThat(models.model().openedWith())
                .isEqualTo(Configuration.read(file).model());
        assertThat(models.selection().selectionProperty().get().oneHot()).isEqualTo(oneHot);
        SortedSet<Integer> layers = new TreeSet<>();
        recipe.path("selected_layers").forEach(layer -> layers.add(layer.asInt()));
        TrainingSettings settings = form.settings(layers);
        assertThat(settings).isEqualTo(Configuration.read(file).training().withLayers(layers));
        assertThat(settings.get(OptimiserSettings.LEARNING_RATE))
                .isEqualTo(recipe.path("learning_rate").asDouble());
        assertThat(desk.problems()).isEmpty();
    }

    @Test
    void theQuickStartOpensTheSampleAndItsData() {
        open(CONFIGS.resolve("quick-start.yaml"));

        assertThat(desk.problems()).isEmpty();
        assertThat(models.session().modelProperty().get()).isNotNull();
        assertThat(models.session().dataProperty().get().settings().data()).isEqualTo(DataViewModel.DEFINITIONS);
        assertThat(models.training().form().adapter().rank().get()).isEqualTo(8);
        assertThat(models.selection().ratioProperty().get()).isEqualTo(0.5);
    }

    @Test
    void whatTheWindowDoesNotTakeIsSaid() throws IOException {
        Path file = write("adapter: a\ntask: regression\n");

        open(file);

        assertThat(desk.problems()).isEmpty();
        assertThat(desk.sentences()).last().asString().contains("The window takes no adapter from a file;");
        assertThat(models.training().form().settings(new TreeSet<>()).task()).isEqualTo(TaskKind.REGRESSION);
    }

    @Test
    void everySettingOfAnAnalysisReachesTheFormAndComesBackEqual() throws IOException {
        Path file = write(
                """
                model: sample
                data: sample:definitions
                samples: 20000000
                max-length: 200000
                sampling: random
                sampling-seed: -99999999999
                measure: rbf-cka,svcca,minibatch-cka
                position: mean
                ratio: 0.25
                undefined: include
                bootstrap: 20
                permutations: 0
                seed: 99999999999
                rbf-bandwidth: 0.001
                svcca-variance: 0.005
                minibatch: 200000
                """);

        open(file);

        assertThat(desk.problems()).isEmpty();
        assertThat(desk.sentences()).noneMatch(sentence -> sentence.contains("no field for"));
        assertThat(models.analysis().form().settings())
                .isEqualTo(Configuration.read(file).analysis());
        assertThat(models.data().settings()).isEqualTo(Configuration.read(file).rows());
    }

    @Test
    void theRatioOfAConfigurationOutlivesTheOpeningOfItsModel() throws IOException {
        open(write("model: sample\ndata: sample:definitions\nratio: 0.25\nundefined: include\n"));

        assertThat(models.session().modelProperty().get()).isNotNull();
        assertThat(models.selection().ratioProperty().get()).isEqualTo(0.25);
        models.analysis().analyze();
        desk.work();
        LayerSelection.Reason reason =
                models.selection().selectionProperty().get().reason();
        assertThat(reason.rule()).isEqualTo(new SelectionRule.TopRatio(0.25));
        assertThat(reason.undefined()).isEqualTo(UndefinedLayers.INCLUDE);
        assertThat(models.session()
                        .analysisProperty()
                        .get()
                        .analysis()
                        .settings()
                        .ratio())
                .isEqualTo(0.25);
    }

    @Test
    void anAnalysisProposesAtTheRatioOfTheSlider() {
        open(CONFIGS.resolve("quick-start.yaml"));
        models.analysis().analyze();
        desk.work();
        models.selection().ratioProperty().set(0.75);
        models.analysis().analyze();
        desk.work();

        assertThat(models.session()
                        .analysisProperty()
                        .get()
                        .analysis()
                        .settings()
                        .ratio())
                .isEqualTo(0.75);
    }

    @Test
    void everySettingOfATrainingReachesTheFormAndComesBackEqual() throws IOException {
        Path file = write(
                """
                task: causal-lm
                validation: held-out.tsv
                test: test.tsv
                target-modules: query,value
                r: 4
                alpha: 7.5
                dropout: 0.25
                variant: pissa_niter_16
                bias: lora_only
                rank-pattern: query=2,layer.3.value=16
                alpha-pattern: query=3.5
                modules-to-save: pooler,embeddings
                init-adapter: earlier/adapter
                model-dropout: 0.05
                lr: 5e-5
                lora-plus-ratio: 16
                scheduler: cosine
                scheduler-cycles: 3
                scheduler-power: 2
                scheduler-end: 1e-8
                warmup-steps: 12
                weight-decay: 0.01
                steps: 321
                accumulate: 4
                batch: 3
                group-by-length: true
                max-grad-norm: 0.5
                label-smoothing: 0.1
                evaluate-every: 10
                keep-best: true
                best-metric: f1
                patience: 5
                checkpoint-every: 0
                gradient-checkpointing: true
                prefix-cache: 512
                report-to: tensorboard
                seed: 99999999999
                """);

        open(file);

        assertThat(desk.problems()).isEmpty();
        assertThat(desk.sentences()).noneMatch(sentence -> sentence.contains("no field for"));
        SortedSet<Integer> layers = new TreeSet<>(List.of(2, 3));
        TrainingForm form = models.training().form();
        assertThat(form.settings(layers))
                .isEqualTo(Configuration.read(file).training().withLayers(layers));
        assertThat(form.optimiser().batch().get()).isEqualTo(3);
        assertThat(form.fields().filter(field -> !field.mistakeProperty().get().isEmpty()))
                .isEmpty();

        form.fill(TrainingSettings.defaults(), 16);
        assertThat(form.settings(null)).isEqualTo(TrainingSettings.defaults());
    }

    @Test
    void columnsWaitForTheDataThatTheyAreOf() throws IOException {
        open(write("text: premise,hypothesis\nlabel: gold\nsamples: 7\n"));

        models.data().open("rows.tsv");

        assertThat(models.data().settings().text()).isEqualTo("premise,hypothesis");
        assertThat(models.data().settings().label()).isEqualTo("gold");
        assertThat(models.data().settings().samples()).isEqualTo(7);
        models.data().open("other.tsv");
        assertThat(models.data().settings().text()).isNull();
    }

    @Test
    void whatIsDoneInTheWindowIsCopiedAsACommand() {
        open(CONFIGS.resolve("quick-start.yaml"));
        models.training().form().adapter().rank().set(4);
        models.selection().take(LayerSelection.byHand(List.of(1, 5), 12));
        models.analysis().analyze();
        desk.work();

        assertThat(models.stepCopies().training().orElseThrow().commandLine())
                .startsWith("layerwise train --model sample --data sample:definitions --samples 1024 --layers ")
                .endsWith(" --r 4 --out run");
        assertThat(models.stepCopies().analysis().orElseThrow().commandLine())
                .isEqualTo(
                        "layerwise analyze --model sample --device cpu --dtype f32 --data sample:definitions --samples 1024 --out analysis");
        assertThat(models.stepCopies().selection().orElseThrow().commandLine())
                .isEqualTo("layerwise select --analysis analysis --layers 1,5 --out selection.json");
    }

    @Test
    void theCopiedParagraphTellsOfTheSelectionThatIsShown() {
        open(CONFIGS.resolve("quick-start.yaml"));
        models.analysis().analyze();
        desk.work();
        models.selection().setLock(0, LayerLock.ALWAYS);
        models.selection().ratioProperty().set(0.25);
        SortedSet<Integer> layers = models.selection().selectionProperty().get().layers();

        assertThat(models.stepCopies().methods().orElseThrow())
                .contains(
                        "share of 0.25 of the layers was selected",
                        "counted from 0: " + LayerList.format(layers) + ". Layer 0 was selected in any case.");

        models.selection().toggle(3);
        assertThat(models.stepCopies().methods().orElseThrow()).contains("The layers were selected by hand: ");
    }

    @Test
    void theMeasuresOfAConfigurationAreThoseOfTheNextAnalysis() throws IOException {
        Path file = Files.writeString(
                folder.resolve("measures.yaml"),
                "model: sample\nanalyze:\n  measure: rsa,fisher\n  bootstrap: 200\n  position: mean\n");
        open(file);

        AnalysisSettings settings = models.analysis().form().settings();
        assertThat(settings.measures()).containsExactly(Rsa.MEASURE, GradientScores.FISHER);
        assertThat(settings.bootstrap()).isEqualTo(200);
        assertThat(settings.position()).isEqualTo(Position.MEAN);
    }

    @Test
    void thePresetOfAConfigurationReachesTheDataThatIsOpenedNext() {
        open(CONFIGS.resolve("paper/roberta-base-mrpc.yaml"));

        models.data().open("rows.tsv");

        assertThat(models.data().settings().preset()).isEqualTo(TaskPreset.MRPC);
    }

    @Test
    void layersOfAConfigurationWithoutAModelAreThoseOfTheOpenOne() throws IOException {
        models.model().open("sample");
        desk.work();

        open(write("layers: 1,3-5\n"));

        assertThat(models.selection().selectionProperty().get().layers()).containsExactly(1, 3, 4, 5);
    }

    @Test
    void layersThatTheModelDoesNotHaveAreRefused() throws IOException {
        models.model().open("sample");
        desk.work();
        Path file = write("layers: [3, 12]\n");

        open(file);

        assertThat(desk.problems())
                .extracting(ReportedError::sentence)
                .containsExactly(
                        file + ": \"layers\", There is no layer 12: the model has 12 layers, numbered 0 to 11.");
    }

    @Test
    void anotherModelIsAskedAboutBeforeTheLayersAreSelectedInIt() {
        Path file = CONFIGS.resolve("paper/roberta-base-cola.yaml");
        desk.agrees = false;
        open(file);
        models.model().open("sample");
        desk.work();
        assertThat(desk.questions()).hasSize(1);
        assertThat(models.selection().selectionProperty().get().layers())
                .hasSize(12); // all, as without a configuration

        desk.agrees = true;
        models.model().open(lab.folder("roberta").toString());
        desk.work();
        assertThat(desk.questions()).hasSize(2);
        assertThat(models.selection().selectionProperty().get().oneHot()).isEqualTo("000110110110");
    }

    @Test
    void aModelInAnotherFolderOfTheSameNameIsOpened() throws IOException {
        Path one = TinyModels.encoder(folder.resolve("one/final"));
        Path other = TinyModels.encoder(folder.resolve("other/final"));
        models.model().open(one.toString());
        desk.work();
        assertThat(models.model().openedWith().model()).isEqualTo(one.toString());

        open(write("model: %s\nlayers: 2\n".formatted(other)));

        assertThat(models.model().openedWith().model()).isEqualTo(other.toString());
        assertThat(models.selection().selectionProperty().get().layers()).containsExactly(2);
        OpenModel opened = models.session().modelProperty().get();

        // as in a file of another machine
        open(write("model: /nowhere/final\nlayers: 3\n"));

        assertThat(models.session().modelProperty().get()).isSameAs(opened);
        assertThat(models.selection().selectionProperty().get().layers()).containsExactly(3);
    }

    @Test
    void anotherCommitOfTheSameModelIsNotTakenForTheOneThatIsNamed() throws IOException {
        models.model().open("org/bert@1111");
        desk.work();

        open(write("model: org/bert@2222\nlayers: 2\n"));

        assertThat(models.hub().nameProperty().get()).isEqualTo("org/bert@2222");
        assertThat(models.selection().selectionProperty().get().layers()).hasSize(12);
        open(write("model: org/bert\nlayers: 2\n"));
        assertThat(models.selection().selectionProperty().get().layers()).containsExactly(2);
    }

    @Test
    void aModelIsOpenedAgainInTheTypeThatIsNamed() throws IOException {
        models.model().open("sample");
        desk.work();

        open(write("model: sample\ndtype: bf16\nlayers: 2\n"));

        assertThat(models.model().openedWith().type()).isEqualTo(ComputeType.BF16);
        assertThat(models.selection().selectionProperty().get().layers()).containsExactly(2);
        OpenModel opened = models.session().modelProperty().get();
        open(write("dtype: bf16\nlayers: 3\n"));
        assertThat(models.session().modelProperty().get()).isSameAs(opened);
        assertThat(models.selection().selectionProperty().get().layers()).containsExactly(3);
    }

    @Test
    void theNameOfATaskIsNotThatOfWhateverIsAnalysedLater() throws IOException {
        open(write("name: sst2\nposition: mean\n"));

        assertThat(desk.sentences()).last().asString().contains("The window takes no name from a file;");
        assertThat(models.analysis().form().settings().name()).isNull();
    }

    @Test
    void mistakesAreSaidInOneSentenceWithTheKey() throws IOException {
        for (String[] mistake : List.of(
                new String[] {"lr: 0", "\"lr\" must be above 0 and at most 1000000, but is 0."},
                new String[] {"lr: fast", "\"lr\" must be a number, but is \"fast\"."},
                new String[] {"r: 0", "\"r\" must be from 1 to 65536, but is 0."},
                new String[] {"warmup-stps: 1", "the nearest one is \"warmup-steps\"."},
                new String[] {"scheduler: wavy", "\"scheduler\" must be one of constant, "},
                new String[] {"measure: [cka, cca]", "\"measure\" must be one of cka, "},
                new String[] {"bootstrap: 3", "\"bootstrap\" must be 0 or from 20 to "},
                new String[] {"layers: every", "\"every\" in the layer list \"every\" is no layer"},
                new String[] {"steps: 1\nepochs: 2", "\"epochs\" and \"steps\", which exclude each other"},
                new String[] {"device: tpu", "\"device\" must be auto, cpu, cuda or cuda:i, but is \"tpu\"."},
                new String[] {"- a", "is not a list of settings"})) {
            Path file = write(mistake[0] + "\n");

            open(file);

            assertThat(desk.problems())
                    .last()
                    .extracting(ReportedError::sentence)
                    .asString()
                    .startsWith(file.toString())
                    .contains(mistake[1]);
        }
    }

    private void open(Path file) {
        models.configurationFiles().open(file);
        desk.work();
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), yaml);
    }
}
