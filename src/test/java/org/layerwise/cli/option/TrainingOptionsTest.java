package org.layerwise.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.cli.EnumConverters;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TaskKind;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

class TrainingOptionsTest {

    @TempDir
    Path folder;

    @Test
    void withoutFlagsAllIsAsUsual() {
        assertThat(settings()).isEqualTo(TrainingSettings.defaults());
    }

    @Test
    void everyFlagReachesItsSetting() {
        TrainingSettings settings = settings(
                "--task=regression",
                "--validation=v.tsv",
                "--test=t.tsv",
                "--layers=1,3-5",
                "--target-modules=query,value",
                "--r=4",
                "--alpha=32",
                "--dropout=0.1",
                "--model-dropout=0.2",
                "--lr=2e-4",
                "--scheduler=cosine",
                "--warmup-steps=7",
                "--weight-decay=0.01",
                "--epochs=2",
                "--steps=9",
                "--accumulate=2",
                "--max-grad-norm=0",
                "--seed=5");

        assertThat(settings.task()).isEqualTo(TaskKind.REGRESSION);
        assertThat(settings.validation()).isEqualTo("v.tsv");
        assertThat(settings.test()).isEqualTo("t.tsv");
        assertThat(settings.adapter().layers()).containsExactly(1, 3, 4, 5);
        assertThat(settings.adapter().targetModules()).containsExactly("query", "value");
        assertThat(settings.adapter().rank()).isEqualTo(4);
        assertThat(settings.adapter().values().get(LoraSettings.ALPHA)).isEqualTo(32);
        assertThat(settings.adapter().dropout()).isEqualTo(0.1);
        assertThat(settings.get(OptimiserSettings.MODEL_DROPOUT)).contains(0.2);
        assertThat(settings.get(OptimiserSettings.LEARNING_RATE)).isEqualTo(2e-4);
        assertThat(settings.get(OptimiserSettings.SCHEDULER)).isEqualTo(LearningRateScheduler.COSINE);
        assertThat(settings.values().given(OptimiserSettings.WARMUP_RATIO)).isEmpty();
        assertThat(settings.get(OptimiserSettings.WARMUP_STEPS)).isEqualTo(7);
        assertThat(settings.get(OptimiserSettings.WEIGHT_DECAY)).isEqualTo(0.01);
        assertThat(settings.get(OptimiserSettings.EPOCHS)).isEqualTo(2);
        assertThat(settings.get(OptimiserSettings.STEPS)).isEqualTo(9);
        assertThat(settings.get(OptimiserSettings.ACCUMULATE)).isEqualTo(2);
        assertThat(settings.get(OptimiserSettings.MAX_GRAD_NORM)).isZero();
        assertThat(settings.seed()).isEqualTo(5);
    }

    @Test
    void aSelectionBringsItsLayers() {
        assertThat(settings("--selection=" + selection(12, 2, 7)).adapter().layers())
                .containsExactly(2, 7);
    }

    @Test
    void aSelectionForAnotherModelIsRefused() {
        assertRefused("selects from 24 layers, but the model has 12", "--selection=" + selection(24, 2, 20));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSelectionForAnotherModelOfAsManyLayersIsNoted(boolean other) {
        Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
        List<String> notes = new ArrayList<>();
        try (OpenModel model = TinyStudy.open(workbench)) {
            ModelCard card = model.card();
            Path file = folder.resolve("made.json");
            LayerSelection layers = LayerSelection.byHand(List.of(1), card.layers());
            SavedSelection.Origin origin =
                    new SavedSelection.Origin(other ? "m1" : card.name(), "rows", "linear-cka", "first", 8);
            SelectionFile.write(file, new SavedSelection(layers, origin, null, null, null));
            TrainingOptions options = new TrainingOptions();
            ParseResult parsed = parser(options).parseArgs("--selection=" + file);

            TrainingSettings settings =
                    options.settings(card, SettingFlags.read(parsed, TrainingSettings.VALUES), notes::add);

            assertThat(settings.adapter().layers()).containsExactly(1);
            assertThat(String.valueOf(settings.layersReason()).endsWith(" for the model m1"))
                    .isEqualTo(other);
            assertThat(notes).hasSize(other ? 1 : 0).allMatch(note -> note.contains("was made for the model m1, but"));
        }
    }

    @Test
    void aSelectionOfNoLayerIsRefused() {
        assertRefused("selects no layer", "--selection=" + selection(12));
    }

    @Test
    void aLayerThatTheModelLacksIsRefused() {
        assertRefused("There is no layer 12", "--layers=3,12");
    }

    @Test
    void anInitialAdapterBringsItsShape() throws IOException {
        TrainingSettings settings = settings("--init-adapter=" + adapter());

        assertThat(settings.adapter().layers()).containsExactly(1, 2);
        assertThat(settings.adapter().targetModules()).containsExactly("query", "value");
        assertThat(settings.adapter().rank()).isEqualTo(4);
        assertThat(settings.adapter().values().get(LoraSettings.ALPHA)).isEqualTo(12);
        assertThat(settings.adapter().initial()).isEqualTo(folder);
    }

    @Test
    void flagsMayRepeatTheInitialAdapter() throws IOException {
        TrainingSettings settings = settings(
                "--init-adapter=" + adapter(), "--r=4", "--alpha=12", "--layers=2,1", "--target-modules=value,query");

        assertThat(settings.adapter().rank()).isEqualTo(4);
    }

    @Test
    void flagsThatContradictTheInitialAdapterAreRefused() throws IOException {
        String adapter = "--init-adapter=" + adapter();

        assertRefused("--r is 8, but the initial adapter's", adapter, "--r=8");
        assertRefused("--alpha is 16, but the initial adapter's", adapter, "--alpha=16");
        assertRefused("--target-modules is query, but the initial adapter's", adapter, "--target-modules=query");
        assertRefused("the selection of layers is 1-3, but the initial adapter's", adapter, "--layers=1,2,3");
    }

    @Test
    void allOfAnInitialAdapterIsTakenOver() throws IOException {
        String adapter = "--init-adapter=" + adapter(everything());
        AdapterSettings settings = settings(adapter).adapter();

        assertThat(settings.variant()).isEqualTo(LoraVariant.of("dora"));
        assertThat(settings.bias()).isEqualTo(Bias.LORA_ONLY);
        assertThat(settings.values().get(LoraSettings.RANK_PATTERN)).isEqualTo(Map.of("query", 2));
        assertThat(settings.values().get(LoraSettings.ALPHA_PATTERN)).isEqualTo(Map.of("value", 3.0));
        assertThat(settings(
                                adapter,
                                "--variant=dora",
                                "--bias=lora_only",
                                "--rank-pattern=query=2",
                                "--alpha-pattern=value=3",
                                "--modules-to-save=pooler")
                        .adapter())
                .isEqualTo(settings);
        assertRefused("--variant is rslora, but the initial adapter's", adapter, "--variant=rslora");
        assertRefused("--variant is lora, but the initial adapter's", adapter, "--variant=lora");
        assertRefused("--bias is all, but the initial adapter's", adapter, "--bias=all");
        assertRefused("--rank-pattern is query=4, but the initial adapter's", adapter, "--rank-pattern=query=4");
        assertRefused("--alpha-pattern is key=3, but the initial adapter's", adapter, "--alpha-pattern=key=3");
        assertRefused("--modules-to-save is embed, but the initial", adapter, "--modules-to-save=embed");
    }

    @Test
    void weightsOfExpertsMayBeNamedShort() throws IOException {
        String adapter = "--init-adapter="
                + adapter(
                        """
                        , "target_parameters": ["model.layers.1.mlp.experts.down_proj", "model.layers.2.mlp.experts.down_proj"]
                        """);

        for (String said :
                List.of("mlp.experts.down_proj", "down_proj", "model.layers.1.mlp.experts.down_proj,down_proj")) {
            assertThat(settings(adapter, "--target-parameters=" + said)
                            .adapter()
                            .values()
                            .get(LoraSettings.TARGET_PARAMETERS))
                    .hasSize(2);
        }
        for (String said : List.of("gate_up_proj", "model.layers.1.mlp.experts.down_proj", "down_proj,gate_up_proj")) {
            assertRefused(
                    "--target-parameters is " + said + ", but the initial", adapter, "--target-parameters=" + said);
        }
    }

    /** PEFT saves what PiSSA took out of the weights as a plain adapter. */
    @Test
    void aPlainInitialAdapterMayBeAPrincipalPart() throws IOException {
        String adapter = "--init-adapter=" + adapter();

        assertThat(settings(adapter).adapter().variant()).isEqualTo(LoraVariant.PLAIN);
        assertThat(settings(adapter, "--variant=pissa").adapter().variant()).isEqualTo(LoraVariant.of("pissa"));
        assertThat(settings("--init-adapter=" + adapter(everything()), "--variant=pissa_niter_4")
                        .adapter()
                        .variant())
                .isEqualTo(LoraVariant.of("dora+pissa_niter_4"));
        assertRefused("--variant is rslora+pissa, but the initial adapter's", adapter, "--variant=rslora+pissa");
    }

    @Test
    void anInitialAdapterThatIsNotSupportedIsRefusedBeforeTheModelIsAsked() throws IOException {
        Path config = folder.resolve("adapter_config.json");
        Files.writeString(config, "{\"peft_type\": \"LORA\", \"r\": 4, \"use_qalora\": true}");
        assertRefused("has use_qalora = true (QALoRA)", "--init-adapter=" + folder);
        Files.writeString(config, "{\"peft_type\": \"LORA\", \"r\": 4, \"lora_alpha\": \"many\"}");
        assertRefused("has lora_alpha = \"many\"; a number is expected", "--init-adapter=" + folder);
    }

    @Test
    void aMissingInitialAdapterIsNamed() {
        assertRefused("adapter_config.json", "--init-adapter=" + folder.resolve("nowhere"));
    }

    /** Parses the flags of {@code train} that say what is trained and how. */
    static TrainingOptions parse(List<String> flags) {
        TrainingOptions options = new TrainingOptions();
        parser(options).parseArgs(flags.toArray(String[]::new));
        return options;
    }

    /** Whether an argument is one of these flags. */
    static boolean knows(String arg) {
        return parser(new TrainingOptions()).getCommandSpec().findOption(arg.replaceFirst("=.*", "")) != null;
    }

    private static CommandLine parser(TrainingOptions options) {
        CommandSpec command = CommandSpec.create().addMixin("training", CommandSpec.forAnnotatedObject(options));
        SettingFlags.add(command, TrainingSettings.VALUES);
        CommandLine parser = new CommandLine(command);
        EnumConverters.register(parser);
        return parser;
    }

    private Path selection(int of, Integer... layers) {
        Path file = folder.resolve("selection.json");
        SelectionFile.write(file, SavedSelection.of(LayerSelection.byHand(List.of(layers), of)));
        return file;
    }

    private Path adapter() throws IOException {
        return adapter("");
    }

    private static String everything() {
        return """
                , "use_dora": true, "bias": "lora_only", "rank_pattern": {"query": 2}, "alpha_pattern": {"value": 3},
                "modules_to_save": ["pooler", "classifier", "score"]
                """;
    }

    private Path adapter(String more) throws IOException {
        Files.writeString(
                folder.resolve("adapter_config.json"),
                """
                {"peft_type": "LORA", "r": 4, "lora_alpha": 12, "target_modules": ["query", "value"],
                 "layers_to_transform": [1, 2] %s}
                """
                        .formatted(more));
        return folder;
    }

    private static void assertRefused(String message, String... flags) {
        assertThatThrownBy(() -> settings(flags))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }

    private static TrainingSettings settings(String... flags) {
        TrainingOptions options = new TrainingOptions();
        ParseResult parsed = parser(options).parseArgs(flags);
        return options.settings(12, SettingFlags.read(parsed, TrainingSettings.VALUES));
    }

    @Test
    void aOneHotFileIsASelectionToo() throws IOException {
        Path file = Files.writeString(folder.resolve("layers_to_finetune_ohe_m.txt"), "010000000001");

        assertThat(settings("--selection=" + file).adapter().layers()).containsExactly(1, 11);
    }
}
