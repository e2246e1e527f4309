package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.PlainLora;
import org.layerwise.run.RunLock;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.Golden;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/** Trainings from files to run folders. */
class TrainingJobTest {

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private int liveBefore;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        liveBefore = workbench.engine().liveTensors();
        model = TinyStudy.open(workbench);
    }

    @AfterEach
    void close() {
        model.close();
        assertThat(workbench.engine().liveTensors()).isEqualTo(liveBefore);
    }

    private static TrainingSettings settings(
            SortedSet<Integer> layers, String validation, TaskKind task, int steps, Path initAdapter) {
        AdapterSettings adapter = AdapterSettings.DEFAULTS.withLayers(layers).withRank(4, 8);
        return TrainingSettings.defaults()
                .with(initAdapter == null ? adapter : adapter.with(LoraSettings.INIT_ADAPTER, initAdapter))
                .with(optimiser(0.005, 0.01, 1, steps, 0).with(TrainingSettings.TASK, Optional.ofNullable(task)))
                .withHeldOut(validation, null);
    }

    /** At the same learning rate all the time, without dropout. */
    private static SettingValues optimiser(
            double learningRate, double weightDecay, double epochs, Integer steps, double maxGradNorm) {
        return SettingValues.none()
                .with(OptimiserSettings.LEARNING_RATE, learningRate)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.CONSTANT)
                .with(OptimiserSettings.WARMUP_STEPS, 0)
                .with(OptimiserSettings.WEIGHT_DECAY, weightDecay)
                .with(OptimiserSettings.EPOCHS, epochs)
                .with(OptimiserSettings.STEPS, steps)
                .with(OptimiserSettings.MAX_GRAD_NORM, maxGradNorm)
                .with(OptimiserSettings.MODEL_DROPOUT, Optional.of(0.0));
    }

    /** What no training survives. */
    private static TrainingSettings wild() {
        return TrainingSettings.defaults()
                .with(AdapterSettings.DEFAULTS.withRank(4, 8))
                .with(optimiser(1e30, 0, 1, 20, 0))
                .withSeed(5);
    }

    private TrainingSummary train(Path data, TrainingSettings settings, Path out) {
        return new TrainingJob(workbench, model, DataSettings.of(data.toString()), settings, out)
                .run(Progress.none(), TrainingListener.none());
    }

    @Test
    void aTrainingWhosePatienceEndsWithItsLastStepHasNotStoppedEarly() throws IOException {
        Path data = TinyStudy.classes(folder);
        for (int planned : List.of(2, 3)) {
            Path out = folder.resolve("run" + planned);
            TrainingSettings patient = settings(null, data.toString(), null, planned, null)
                    .with(optimiser(1e-30, 0, 1, planned, 0)
                            .with(RunSettings.EVALUATE_EVERY, 1)
                            .with(RunSettings.PATIENCE, 1));
            TrainingSummary summary = train(data, patient, out);

            assertThat(summary.steps()).isEqualTo(2);
            assertThat(summary.stoppedEarly()).isEqualTo(planned == 3);
            assertThat(Files.readString(out.resolve("methods.txt")).contains("stopped early"))
                    .isEqualTo(planned == 3);
        }
    }

    @Test
    void reproducesPeftFromFileToFile() throws IOException {
        Path data = TinyStudy.classes(folder);
        Path out = folder.resolve("run");
        TrainingSummary summary = train(
                data,
                settings(
                        null,
                        data.toString(),
                        null,
                        6,
                        Golden.folder("lora_bert").resolve("adapter_init")),
                out);
        JsonNode expected = Json.read(Golden.folder("lora_bert").resolve("lora.json"));
        List<String> lines = Files.readAllLines(out.resolve("metrics.jsonl"));
        int step = 0;
        for (String line : lines) {
            JsonNode record = Json.parse(line);
            if (record.has("loss")) {
                assertThat(record.path("loss").asDouble())
                        .isCloseTo(expected.path("losses").path(step).asDouble(), within(1e-4));
                step++;
                assertThat(record.path("step").asInt()).isEqualTo(step);
                assertThat(record.path("learning_rate").asDouble()).isEqualTo(0.005);
                assertThat(record.path("grad_norm").asDouble()).isPositive();
                assertThat(record.path("tokens_per_second").asDouble()).isPositive();
                assertThat(record.path("seconds").asDouble()).isPositive();
            }
        }
        assertThat(step).isEqualTo(6);
        assertThat(summary.after()).isNotNull();
        assertThat(summary.after().loss())
                .isCloseTo(expected.path("losses").path(6).asDouble(), within(1e-4));
        assertThat(summary.layers()).containsExactly(1, 3);
        assertThat(summary.trainableParameters())
                .isEqualTo(expected.path("trainable").asLong());
        assertThat(Json.parse(lines.get(0)).path("eval_accuracy").isNumber()).isTrue();

        assertThat(out.resolve("methods.txt"))
                .content()
                .contains(summary.trainableParameters() + " of " + summary.totalParameters()
                        + " parameters were trained");
        JsonNode written = Json.read(out.resolve("summary.json"));
        assertThat(written.path("after").path("loss").asDouble())
                .isEqualTo(summary.after().loss());
        assertThat(written.path("cancelled").asBoolean()).isFalse();
        assertThat(out.resolve("config.yaml")).content().contains("layers: \"1,3\"", "lr: 0.005", "r: 4");

        Evaluation evaluation = new EvaluationJob(
                        workbench,
                        model,
                        out.resolve("adapter"),
                        DataSettings.of(data.toString()),
                        null,
                        folder.resolve("predictions.jsonl"),
                        folder.resolve("evaluation.json"))
                .run(Progress.none())
                .evaluation();
        assertThat(evaluation.loss()).isCloseTo(summary.after().loss(), within(1e-6));
        assertThat(Files.readAllLines(folder.resolve("predictions.jsonl"))).hasSize(16);
        assertThat(Json.read(folder.resolve("evaluation.json")).path("samples").asInt())
                .isEqualTo(16);
    }

    @Test
    void theCheckpointsOwnHeadIsEvaluatedAsHuggingFaceDoes() {
        Evaluation evaluation = new EvaluationJob(
                        workbench,
                        model,
                        null,
                        DataSettings.of(TinyStudy.classes(folder).toString()),
                        null,
                        null,
                        null)
                .run(Progress.none())
                .evaluation();
        JsonNode lora = Json.read(Golden.folder("lora_bert").resolve("lora.json"));
        assertThat(evaluation.loss()).isCloseTo(lora.path("losses").path(0).asDouble(), within(0.2));
        assertThat(evaluation.metrics()).containsOnlyKeys("accuracy", "matthews", "f1");
    }

    @Test
    void cancelStopsWithinTheStepAndLeavesAUsableAdapter() {
        Path data = TinyStudy.classes(folder);
        Path out = folder.resolve("cancelled");
        AtomicInteger steps = new AtomicInteger();
        Progress progress = CancelledProgress.when(() -> steps.get() >= 3);
        TrainingSummary summary = new TrainingJob(
                        workbench,
                        model,
                        DataSettings.of(data.toString()),
                        settings(new TreeSet<>(List.of(2)), data.toString(), null, 1000, null),
                        out)
                .run(progress, new TrainingListener() {
                    @Override
                    public void step(StepRecord step) {
                        steps.incrementAndGet();
                    }

                    @Override
                    public void evaluated(int step, Evaluation evaluation) {
                        // before training
                    }
                });
        assertThat(summary.cancelled()).isTrue();
        assertThat(summary.steps()).isEqualTo(3);
        assertThat(summary.after()).isNull();
        assertThat(Json.read(out.resolve("summary.json")).path("cancelled").asBoolean())
                .isTrue();
        Evaluation evaluation = new EvaluationJob(
                        workbench, model, out.resolve("adapter"), DataSettings.of(data.toString()), null, null, null)
                .run(Progress.none())
                .evaluation();
        assertThat(evaluation.samples()).isEqualTo(16);
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        Path data = TinyStudy.classes(folder);
        TrainingSettings withDropout = TrainingSettings.defaults()
                .with(AdapterSettings.DEFAULTS.withRank(4, 8).with(LoraSettings.DROPOUT, 0.1))
                .with(OptimiserSettings.LEARNING_RATE, 0.005)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.COSINE)
                .with(OptimiserSettings.WARMUP_RATIO, 0.1)
                .with(OptimiserSettings.EPOCHS, 3.0)
                .with(OptimiserSettings.ACCUMULATE, 2)
                .withSeed(5);
        DataSettings small = new DataSettings(data.toString(), null, null, null, null, 128, 3);
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            losses[i] = new TrainingJob(workbench, model, small, withDropout, folder.resolve("run" + i))
                    .run(Progress.none(), TrainingListener.none())
                    .finalLoss();
        }
        assertThat(losses[0]).isEqualTo(losses[1]);
        // 16 rows in batches of 3 are 6 batches, 3 steps an epoch
        assertThat(Json.read(folder.resolve("run0/summary.json")).path("steps").asInt())
                .isEqualTo(9);
    }

    @Test
    void labelsOutsideTheHeadAreRefusedBeforeAnythingIsWritten() {
        Path data = TinyStudy.write(folder.resolve("wide.jsonl"), row -> row == 4 ? 7 : 0);
        Path out = folder.resolve("refused");
        assertThatThrownBy(() -> train(data, settings(null, null, null, 1, null), out))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("wide.jsonl")
                .hasMessageContaining("7")
                .hasMessageContaining("3 classes");
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "sample:definitions:validation, sample:definitions:test",
        "sample:definitions:test, sample:definitions:validation",
        "sample:acceptability:test, sample:acceptability:validation"
    })
    void validationRowsAreNotMeasuredByThemselves(String data, String other) {
        Path out = folder.resolve("refused");
        TrainingJob job =
                new TrainingJob(workbench, model, DataSettings.of(data), settings(null, null, null, 1, null), out);
        assertThatThrownBy(() -> job.run(Progress.none(), TrainingListener.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s is a half of the validation rows of a sample task, and would be measured by the rows that are trained on; name other rows, for example --validation %s.",
                        data, other);
        assertThat(out).doesNotExist();
    }

    @Test
    void aRunFolderThatIsAFileIsRefused() throws IOException {
        Path data = TinyStudy.classes(folder);
        Path taken = Files.writeString(folder.resolve("taken"), "a file");
        assertThatThrownBy(() -> train(data, settings(null, null, null, 1, null), taken))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(taken.toString());
    }

    @Test
    void tasksThatTheModelCannotDoAreRefused() {
        Path data = TinyStudy.classes(folder);
        assertThatThrownBy(() -> train(data, settings(null, null, TaskKind.CAUSAL_LM, 1, null), folder.resolve("out")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is an encoder (bert), which has no language-model head");
        assertThatThrownBy(() -> train(
                        TinyStudy.numbers(folder),
                        settings(null, null, TaskKind.REGRESSION, 1, null),
                        folder.resolve("out")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("3 outputs");
    }

    @Test
    void aLossThatIsNoNumberStopsTheRunWithAnExplanation() {
        Path data = TinyStudy.classes(folder);
        assertThatThrownBy(() -> train(data, wild(), folder.resolve("wild")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no longer a number");
    }

    @Test
    void namedLabelsAreNumberedAsTheCheckpointSays() throws IOException {
        List<String> names = List.of("zeta", "alpha", "mid");
        Path named = Files.createDirectory(folder.resolve("named"));
        Files.copy(Golden.folder("bert").resolve("model.safetensors"), named.resolve("model.safetensors"));
        ObjectNode config = (ObjectNode) Json.read(Golden.folder("bert").resolve("config.json"));
        ObjectNode id2label = config.putObject("id2label");
        for (int i = 0; i < 3; i++) {
            id2label.put(String.valueOf(i), names.get(i));
        }
        Json.write(named.resolve("config.json"), config);
        String numbers = TinyStudy.classes(folder).toString();
        Path words = folder.resolve("words.jsonl");
        Files.writeString(
                words,
                Files.readString(Path.of(numbers))
                        .replace("\"labels\":0", "\"labels\":\"zeta\"")
                        .replace("\"labels\":1", "\"labels\":\"alpha\"")
                        .replace("\"labels\":2", "\"labels\":\"mid\""));
        try (OpenModel open = workbench.openModel(named.toString(), "cpu", Progress.none())) {
            Path adapter = folder.resolve("no-op");
            try (AdaptedModel same = AdaptedModel.classifier(
                    open.model(), PlainLora.config(2, 2, 0, List.of("query"), List.of(1)), 3, 1)) {
                same.toPeft(new BaseModel("base", null)).write(adapter); // as PEFT does, without labels.json
            }
            Evaluation byNumber = evaluate(open, null, numbers);
            assertThat(evaluate(open, null, words.toString())).isEqualTo(byNumber);
            assertThat(evaluate(open, adapter, words.toString()).metrics()).isEqualTo(byNumber.metrics());
        }
        assertThatThrownBy(() -> evaluate(model, null, words.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("zeta");
    }

    private Evaluation evaluate(OpenModel open, Path adapter, String data) {
        return new EvaluationJob(workbench, open, adapter, DataSettings.of(data), null, null, null)
                .run(Progress.none())
                .evaluation();
    }

    @Test
    void aSecondRunIntoTheSameFolderLeavesNothingOfTheFirst() throws IOException {
        Path data = TinyStudy.classes(folder);
        Path words = folder.resolve("words.jsonl");
        Files.writeString(words, Files.readString(data).replaceAll("\"labels\":(\\d)", "\"labels\":\"name$1\""));
        Path out = folder.resolve("again");
        train(words, settings(null, null, null, 1, null), out);
        assertThat(out.resolve("adapter/labels.json")).exists();
        train(data, settings(null, null, null, 1, null), out);
        assertThat(out.resolve("adapter/labels.json")).doesNotExist();
        assertThatThrownBy(() -> train(data, wild(), out)).hasMessageContaining("no longer a number");
        assertThat(out.resolve("adapter")).doesNotExist();
        assertThat(out.resolve("summary.json")).doesNotExist();
    }

    @Test
    void twoRunsDoNotShareAFolder() throws IOException {
        Path data = TinyStudy.classes(folder);
        Path out = Files.createDirectory(folder.resolve("shared"));
        try (RunLock other = RunLock.take(out)) {
            assertThatThrownBy(() -> train(data, settings(null, null, null, 1, null), out))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("Another training");
        }
    }

    @Test
    void anEvaluationOfAnotherTaskIsRefused() {
        String data = TinyStudy.numbers(folder).toString();
        assertThatThrownBy(() -> new EvaluationJob(
                                workbench, model, null, DataSettings.of(data), TaskKind.REGRESSION, null, null)
                        .run(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("3 outputs");
    }

    private TrainingSummary train(Path data, Path out, StartMode start) {
        TrainingSettings settings = settings(null, data.toString(), TaskKind.CLASSIFICATION, 2, null);
        return new TrainingJob(
                        workbench, model, DataSettings.of(data.toString()), settings, out, start, new PauseSwitch())
                .run(Progress.none(), TrainingListener.none());
    }

    @Test
    void aRunThatCameMeanwhileIsNotReplaced() throws IOException {
        Path data = TinyStudy.classes(folder);
        Path out = folder.resolve("run");
        train(data, out, StartMode.NEW);
        String before = Files.readString(out.resolve("run.json"));

        assertThatThrownBy(() -> train(data, out, StartMode.NEW))
                .isInstanceOf(UserException.class)
                .hasMessage("There is a run in %s already; choose another folder.", out);

        assertThat(out.resolve("run.json")).hasContent(before);
        assertThat(out.resolve("adapter")).isNotEmptyDirectory();
        train(data, out, StartMode.OVERWRITE);
        assertThat(Files.readString(out.resolve("run.json"))).isNotEqualTo(before);
    }

    @Test
    void aRunOfAQueueThatAnotherProcessHasFinishedIsNotReplaced() throws IOException {
        Path data = TinyStudy.classes(folder);
        Path other = folder.resolve("other");
        train(data, settings(null, data.toString(), TaskKind.CLASSIFICATION, 2, null), other);
        Path out = folder.resolve("run");
        RunQueue queue = new RunQueue(workbench, model);
        queue.add(new Runs.Planned(
                out,
                ModelSettings.of(TinyStudy.MODEL).onDevice("cpu"),
                DataSettings.of(data.toString()),
                settings(null, data.toString(), TaskKind.CLASSIFICATION, 2, null)));

        List<Runs.Ended> ended = queue.run(new PauseSwitch(), Progress.none(), new Runs.Listener() {
            @Override
            public TrainingListener begins(Runs.Planned run) {
                try {
                    for (String file : List.of("run.json", "summary.json")) {
                        Files.copy(other.resolve(file), out.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return TrainingListener.none();
            }

            @Override
            public void ended(Runs.Ended run) {
                // looked at below
            }
        });

        assertThat(ended).singleElement().satisfies(end -> {
            assertThat(end.summary()).isEmpty();
            assertThat(end.reason()).contains("was finished meanwhile");
        });
        assertThat(out.resolve("run.json")).hasSameTextualContentAs(other.resolve("run.json"));
    }
}
