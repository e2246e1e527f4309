package org.layerwise.study.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.remote.WorkerCount;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/** What a trainer elsewhere is given is what the trainer here has taken. */
class TrainingExportTest {

    private static final int STEPS = 7;

    @TempDir
    Path folder;

    private Workbench workbench;
    private OpenModel model;
    private DataSettings data;
    private @Nullable SafetensorsFile file;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        data = DataSettings.of(TinyStudy.classes(folder).toString()).withBatch(3);
    }

    @AfterEach
    void close() {
        if (file != null) {
            file.close();
        }
        model.close();
    }

    private static TrainingSettings settings() {
        return TrainingSettings.defaults()
                .with(AdapterSettings.DEFAULTS
                        .withLayers(new TreeSet<>(List.of(1, 3)))
                        .withRank(4, 8))
                .with(OptimiserSettings.LEARNING_RATE, 0.01)
                .with(OptimiserSettings.LORA_PLUS_RATIO, 4.0)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.COSINE)
                .with(OptimiserSettings.WARMUP_STEPS, 2)
                .with(OptimiserSettings.WEIGHT_DECAY, 0.01)
                .with(OptimiserSettings.STEPS, STEPS)
                .with(OptimiserSettings.ACCUMULATE, 2)
                .with(OptimiserSettings.MAX_GRAD_NORM, 0.5)
                .with(OptimiserSettings.LABEL_SMOOTHING, 0.1)
                .with(OptimiserSettings.MODEL_DROPOUT, Optional.of(0.0));
    }

    private Path export(TrainingSettings settings) {
        Path job = folder.resolve("job");
        new TrainingExport(workbench, model, data, settings, RemoteOptions.by(new WorkerCount(1, false)), false)
                .write(job, beside -> Files.writeString(beside.resolve("more"), "more"), Progress.none());
        return job;
    }

    @Test
    void theRemarksOfATrainingAreGiven() {
        List<String> remarks = new ArrayList<>();
        TrainingExport export = new TrainingExport(
                workbench,
                model,
                data,
                settings().withHeldOut(data.data(), null),
                RemoteOptions.by(new WorkerCount(1, false)),
                false);

        export.write(folder.resolve("job"), beside -> {}, Progress.none().noting(remarks::add));

        assertThat(remarks)
                .containsExactly(
                        "Rows of %s are both trained on and measured, so the result says little about other rows; name rows that are not trained on."
                                .formatted(data.data()));
    }

    @Test
    void whatClustersDoNotDoIsRefused() {
        assertThatThrownBy(() -> export(settings().with(RunSettings.PREFIX_CACHE, 64)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("--prefix-cache keeps what frozen layers compute on this computer");
        assertThatThrownBy(() -> export(settings().with(OptimiserSettings.PACKING, true)))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "--packing places rows side by side on this computer, which the program of clusters does not"
                                + " do; leave it out.");
        assertThatThrownBy(() -> export(
                        settings().with(settings().adapter().with(LoraSettings.VARIANT, LoraVariant.of("lora-ga")))))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("LoRA-GA starts from gradients that are computed on this computer alone");
        model.close();
        model = workbench.openModel(
                new ModelSettings(TinyStudy.MODEL, "cpu", ComputeType.F16, Loading.NONE),
                new PauseSwitch(),
                Progress.none());
        assertThatThrownBy(() -> export(settings()))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("float16 is not computed in on clusters");
    }

    /** A job of it would end before its first step, since PEFT drops these biases. */
    @Test
    void biasesThatPeftDoesNotSaveAreRefused() {
        assertThatThrownBy(() -> export(settings().with(settings().adapter().with(LoraSettings.BIAS, Bias.LORA_ONLY))))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("PEFT, which trains on clusters, does not save the biases of --bias lora_only");
        assertThat(folder.resolve("job")).doesNotExist();
    }

    @Test
    void missIsRefused() {
        assertThatThrownBy(() -> export(TrainingSettings.defaults()
                        .with(AdapterSettings.DEFAULTS.with(LoraSettings.VARIANT, LoraVariant.MISS))
                        .with(OptimiserSettings.STEPS, STEPS)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("The training has adapters of MiSS, which are computed on this computer alone");
        assertThat(folder.resolve("job")).doesNotExist();
    }

    @Test
    void smoothingOfNumbersIsRefused() throws IOException {
        model.close();
        model = workbench.openModel(Golden.folder("bert_regression").toString(), "cpu", Progress.none());
        data = DataSettings.of(
                Files.writeString(folder.resolve("numbers.jsonl"), "{\"input_ids\": [5, 3], \"label\": 0.5}\n")
                        .toString());
        assertThatThrownBy(() -> export(settings()
                        .with(AdapterSettings.DEFAULTS.withLayers(new TreeSet<>(List.of(1))))
                        .with(TrainingSettings.TASK, TaskKind.REGRESSION)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("a regression has none");
        assertThat(folder.resolve("job")).doesNotExist();
    }

    /** transformers' classifiers of decoders read the last token that is not the padding token. */
    @Test
    void noRowEndsWithThePaddingOfAModelThatNamesNone() throws IOException {
        model.close();
        model = workbench.openModel(Golden.folder("gpt2").toString(), "cpu", Progress.none());
        Path rows = Files.writeString(
                folder.resolve("ends.jsonl"),
                """
                {"input_ids": [5, 3, 0], "label": 0}
                {"input_ids": [4, 1], "label": 1}
                """);
        Path held = Files.writeString(folder.resolve("held.jsonl"), "{\"input_ids\": [7, 2], \"label\": 0}\n");
        data = DataSettings.of(rows.toString());
        Path job = export(settings()
                .with(AdapterSettings.DEFAULTS.withLayers(new TreeSet<>(List.of(1))))
                .withHeldOut(held.toString(), null));
        assertThat(Json.read(job.resolve("plan.json")).path("pad_id").intValue())
                .isEqualTo(3);
    }

    /** The token that is read here is then the last one that is not the padding token. */
    @Test
    void maskedEndsOfRowsAreThePaddingOfAModelThatNamesNone() throws IOException {
        Path job = exportWithMaskedEnds(
                """
                {"input_ids": [5, 3, 0], "label": 0}
                {"input_ids": [4, 1, 2, 2], "label": 1}
                {"input_ids": [2], "label": 1}
                """);
        assertThat(Json.read(job.resolve("plan.json")).path("pad_id").intValue())
                .isEqualTo(2);
    }

    @Test
    void aRowOfEndsAloneIsRefusedBesideMaskedEnds() {
        assertThatThrownBy(
                        () -> exportWithMaskedEnds(
                                """
                {"input_ids": [5, 3, 2], "label": 0}
                {"input_ids": [2, 2], "label": 1}
                """))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Row 2 of rows holds nothing but end-of-sequence tokens (2), of which a job on a cluster would"
                                + " read the first and not the last; take that row out.");
    }

    private Path exportWithMaskedEnds(String rows) throws IOException {
        model.close();
        model = workbench.openModel(Golden.folder("gpt2").toString(), "cpu", Progress.none());
        data = DataSettings.of(
                        Files.writeString(folder.resolve("rows.jsonl"), rows).toString())
                .withCompatibility(Set.of(ReferenceCompatibility.EOS_IS_PADDING));
        return export(settings().with(AdapterSettings.DEFAULTS.withLayers(new TreeSet<>(List.of(1)))));
    }

    @Test
    void whatPissaTakesOutOfTheWeightsIsInTheJob() {
        Path job = export(
                settings().with(settings().adapter().with(LoraSettings.VARIANT, LoraVariant.of("pissa_niter_1"))));
        Path adapter = job.resolve("adapter-initial");
        try (SafetensorsFile initial = SafetensorsFile.open(adapter.resolve("adapter_model.safetensors"));
                SafetensorsFile part = SafetensorsFile.open(adapter.resolve("principal/adapter_model.safetensors"))) {
            List<String> products = initial.names().stream()
                    .filter(name -> name.contains(".lora_"))
                    .toList();
            assertThat(products).isNotEmpty();
            for (String name : products) {
                assertThat(part.bytes(name)).as(name).isEqualTo(initial.bytes(name));
            }
        }
    }

    @Test
    void aFolderThatIsUsedMeanwhileIsNotReplaced() throws IOException {
        Path job = Files.createDirectory(folder.resolve("job"));
        assertThatThrownBy(() -> new TrainingExport(
                                workbench, model, data, settings(), RemoteOptions.by(new WorkerCount(1, false)), false)
                        .write(job, beside -> Files.writeString(job.resolve("run"), "mine"), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage("The folder %s is not empty any longer; name a new one.".formatted(job));
        assertThat(job.toFile().list()).containsExactly("run");
    }

    @Test
    void validationFilesOfOneNameAreToldApart() throws Exception {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        String files = String.join(
                ",",
                data.data(),
                TinyStudy.classes(first).toString(),
                TinyStudy.classes(second).toString());

        Path job = export(settings().withHeldOut(files, null));

        file = SafetensorsFile.open(job.resolve("rows.safetensors"));
        assertThat(file.names()).contains("eval.starts", "eval_first_classes.starts", "eval_second_classes.starts");
    }

    @Test
    void rowsAreTheTokensAndTheirLabels() throws Exception {
        Path job = export(settings());
        TokenizedDataset rows = GoldenBert.data();
        file = SafetensorsFile.open(job.resolve("rows.safetensors"));

        assertThat(longs(file, "train.starts")).hasSize(rows.size() + 1).startsWith(0);
        long[] ids = rows.rows().stream()
                .flatMapToLong(row -> LongStream.of(row.ids()))
                .toArray();
        assertThat(ints(file, "train.ids"))
                .containsExactly(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
        assertThat(ints(file, "train.types"))
                .containsExactly(rows.rows().stream()
                        .flatMapToInt(row -> LongStream.of(row.typeIds()).mapToInt(Math::toIntExact))
                        .toArray());
        assertThat(LongStream.of(longs(file, "train.labels")).boxed())
                .hasSize(rows.size())
                .allMatch(label -> label >= 0 && label < 3);
        assertThat(file.names()).doesNotContain("train.mask");
        assertThat(job.resolve("more")).hasContent("more");
        assertThat(job.resolve("adapter-initial/adapter_model.safetensors")).exists();
        assertThat(job.resolve("config.yaml")).content().contains("lora-plus-ratio: 4");
    }

    @Test
    void everyEpochHasEveryRowOnceAndStepsAreWholeGroups() throws Exception {
        Path job = export(settings());
        file = SafetensorsFile.open(job.resolve("rows.safetensors"));
        long[] starts = longs(file, "steps.starts");
        long[] rows = longs(file, "steps.rows");

        // 16 rows in batches of 3, two a step: 6, 6, 4
        assertThat(starts).containsExactly(0, 6, 12, 16, 22, 28, 32, 38);
        assertThat(Arrays.copyOfRange(rows, 0, 16))
                .containsExactlyInAnyOrder(LongStream.range(0, 16).toArray());
        assertThat(Arrays.copyOfRange(rows, 16, 32))
                .containsExactlyInAnyOrder(LongStream.range(0, 16).toArray())
                .isNotEqualTo(Arrays.copyOfRange(rows, 0, 16));
    }

    @Test
    void theLearningRatesAreThoseOfTheTrainerHere() {
        List<Double> rates = new ArrayList<>();
        new TrainingJob(workbench, model, data, settings(), folder.resolve("run"))
                .run(Progress.none(), new TrainingListener() {
                    @Override
                    public void step(StepRecord step) {
                        rates.add(step.learningRate());
                    }

                    @Override
                    public void evaluated(int step, Evaluation evaluation) {
                        throw new AssertionError("nothing is evaluated here");
                    }
                });
        JsonNode plan = Json.read(export(settings()).resolve("plan.json"));

        assertThat(IntStream.range(0, STEPS)
                        .mapToObj(i -> plan.path("learning_rates").path(i).asDouble()))
                .containsExactlyElementsOf(rates);
        assertThat(plan.path("lora_plus_ratio").asDouble()).isEqualTo(4);
        assertThat(plan.path("label_smoothing").asDouble()).isEqualTo(0.1);
        assertThat(plan.path("outputs").asInt()).isEqualTo(3);
        assertThat(plan.path("dtype").asText()).isEqualTo("float32");
        assertThat(plan.path("evaluate_after").toString()).isEqualTo("[3,6,7]");
        assertThat(plan.path("checkpoint_after").toString()).isEqualTo("[3,6]");
    }

    @Test
    void aFailureLeavesTheEarlierFolder() {
        Path job = export(settings());

        assertThatThrownBy(() -> new TrainingExport(
                                workbench, model, data, settings(), RemoteOptions.by(new WorkerCount(1, false)), false)
                        .write(
                                job,
                                beside -> {
                                    throw new IOException("no room");
                                },
                                Progress.none()))
                .hasMessageContaining("no room");
        assertThat(job.resolve("more")).hasContent("more");
    }

    private static long[] longs(SafetensorsFile file, String name) {
        LongBuffer buffer = file.bytes(name).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        long[] values = new long[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static int[] ints(SafetensorsFile file, String name) {
        IntBuffer buffer = file.bytes(name).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        int[] values = new int[buffer.remaining()];
        buffer.get(values);
        return values;
    }
}
