package org.layerwise.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.run.tensorboard.TensorBoardFile;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingChild;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** {@code --report-to tensorboard}: what the event files of a run hold. */
class RunEventsTest {

    private static final int STEPS = 8;

    @TempDir
    private Path folder;

    @Test
    void aRunTellsTensorBoardWhatItsLogHolds() throws IOException {
        Path out = folder.resolve("run");
        train(out, StartMode.OVERWRITE, TrainingListener.none());

        Path file = EventRecords.only(out.resolve("tensorboard"));
        List<EventRecords.Scalar> scalars = EventRecords.scalars(file);
        RunHistory history = Run.open(out).history();
        assertThat(EventRecords.of("train/loss", scalars).values())
                .containsExactlyElementsOf(history.steps().stream()
                        .map(step -> (float) step.loss())
                        .toList());
        assertThat(EventRecords.of("train/learning_rate", scalars).values())
                .containsExactlyElementsOf(history.steps().stream()
                        .map(step -> (float) step.learningRate())
                        .toList());
        assertThat(EventRecords.of("train/grad_norm", scalars).values())
                .containsExactlyElementsOf(history.steps().stream()
                        .map(step -> (float) step.gradNorm())
                        .toList());
        assertThat(EventRecords.of("train/tokens_per_second", scalars).values()).hasSize(STEPS);
        assertThat(EventRecords.of("eval/accuracy", scalars).keySet()).containsExactly(0L, 7L, 8L);
        assertThat(EventRecords.of("eval/loss", scalars).values()).containsExactlyElementsOf(losses(history, "eval"));
        assertThat(EventRecords.of("test/loss", scalars).values()).containsExactlyElementsOf(losses(history, "test"));
        assertThat(EventRecords.of("test/accuracy", scalars)).hasSize(1).containsKey((long) STEPS);

        List<List<EventRecords.Field>> events = EventRecords.read(file);
        assertThat(EventRecords.text(EventRecords.only(events.get(0), 3))).isEqualTo("brain.Event:2");
        assertThat(settings(events)).contains("lr", "layers", "variant", "seed");
    }

    /** The names in HParamsPluginData. */
    private static String settings(List<List<EventRecords.Field>> events) {
        List<EventRecords.Field> value = EventRecords.fields(EventRecords.only(
                        EventRecords.fields(EventRecords.only(events.get(2), 5).bytes()), 1)
                .bytes());
        assertThat(EventRecords.text(EventRecords.only(value, 1))).isEqualTo("_hparams_/session_start_info");
        List<EventRecords.Field> plugin = EventRecords.fields(EventRecords.only(
                        EventRecords.fields(EventRecords.only(value, 9).bytes()), 1)
                .bytes());
        assertThat(EventRecords.text(EventRecords.only(plugin, 1))).isEqualTo("hparams");
        List<EventRecords.Field> session = EventRecords.fields(EventRecords.only(
                        EventRecords.fields(EventRecords.only(plugin, 2).bytes()), 3)
                .bytes());
        return session.stream()
                .filter(field -> field.number() == 1)
                .map(field -> EventRecords.text(EventRecords.only(EventRecords.fields(field.bytes()), 1)))
                .collect(Collectors.joining(" "));
    }

    private static List<Float> losses(RunHistory history, String prefix) {
        return history.evaluations().stream()
                .filter(found -> found.prefix().equals(prefix))
                .map(found -> (float) found.evaluation().loss())
                .toList();
    }

    @Test
    void aRunThatGoesOnTellsNoStepTwice() throws IOException {
        Path whole = folder.resolve("whole");
        train(whole, StartMode.OVERWRITE, TrainingListener.none());
        Path out = folder.resolve("broken");
        assertThatThrownBy(() -> train(out, StartMode.OVERWRITE, new BreaksAfter(7)))
                .hasMessage("broken off");
        List<EventRecords.Scalar> before = EventRecords.scalars(EventRecords.only(out.resolve("tensorboard")));
        assertThat(EventRecords.of("train/loss", before).keySet()).endsWith(7L);

        train(out, StartMode.RESUME, TrainingListener.none());

        List<EventRecords.Scalar> after = EventRecords.scalars(EventRecords.only(out.resolve("tensorboard")));
        assertThat(after.stream().map(EventRecords.Scalar::place)).doesNotHaveDuplicates();
        List<EventRecords.Scalar> uninterrupted = EventRecords.scalars(EventRecords.only(whole.resolve("tensorboard")));
        for (String tag : List.of("train/loss", "train/grad_norm", "eval/loss", "eval/accuracy", "test/loss")) {
            assertThat(EventRecords.of(tag, after)).isEqualTo(EventRecords.of(tag, uninterrupted));
        }
        assertThat(time(after, "train/loss@6")).isEqualTo(time(before, "train/loss@6"));
        assertThat(time(after, "train/loss@7")).isGreaterThan(time(before, "train/loss@7"));
    }

    /** TensorBoard tells runs by folders, so people put events of others beside those of a run to see both. */
    @Test
    void eventsOfOtherProgramsStay() throws IOException {
        Path own = Files.createFile(folder.resolve("events.out.tfevents.1.layerwise"));
        Path other = Files.writeString(folder.resolve("events.out.tfevents.1.host.77.0"), "mine");
        TensorBoardFile.inPlaceOfOthers(folder, 2, List.of()).close();
        assertThat(other).hasContent("mine");
        assertThat(own).doesNotExist();
    }

    @Test
    void aRunThatStartsAnewLeavesWhatOthersPutThere() throws IOException {
        Path own = Files.createDirectories(folder.resolve("tensorboard"));
        Files.createFile(own.resolve("events.out.tfevents.1.layerwise"));
        Path other = Files.writeString(own.resolve("events.out.tfevents.1.host.77.0"), "mine");
        Files.createDirectories(folder.resolve("checkpoints/step-2"));
        Path kept = Files.createDirectories(folder.resolve("checkpoints/kept-of-step-1"));
        Path evaluated = Files.writeString(folder.resolve("predictions.jsonl"), "of evaluate --predictions");

        ExistingRun.forget(folder);

        assertThat(evaluated).exists();
        // an experiment's own predictions have their origin beside them
        Path origin = Files.writeString(folder.resolve("predictions-origin.json"), "{}");
        ExistingRun.forget(folder);
        assertThat(evaluated).doesNotExist();
        assertThat(origin).doesNotExist();

        assertThat(own.toFile().listFiles()).containsExactly(other.toFile());
        assertThat(folder.resolve("checkpoints").toFile().listFiles()).containsExactly(kept.toFile());
        Files.delete(other);
        Files.delete(kept);
        ExistingRun.forget(folder);
        assertThat(folder).isEmptyDirectory();
    }

    private static double time(List<EventRecords.Scalar> scalars, String place) {
        return scalars.stream()
                .filter(scalar -> scalar.place().equals(place))
                .mapToDouble(EventRecords.Scalar::wallTime)
                .findFirst()
                .orElseThrow();
    }

    private void train(Path out, StartMode start, TrainingListener listener) throws IOException {
        Path data = TinyStudy.classes(folder);
        TrainingSettings settings = TrainingChild.settings(data, STEPS, 3)
                .withHeldOut(data.toString(), data.toString())
                .with(RunSettings.EVALUATE_EVERY, 7)
                .with(RunSettings.KEEP_BEST, true)
                .with(RunSettings.BEST_METRIC, "loss")
                .with(RunSettings.CHECKPOINT_EVERY, 3)
                .with(RunSettings.REPORT_TO, RunSettings.Report.TENSORBOARD);
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"));
                OpenModel model = TinyStudy.open(workbench)) {
            new TrainingJob(workbench, model, TrainingChild.rows(data), settings, out, start, new PauseSwitch())
                    .run(Progress.none(), listener);
        }
    }

    /** Its process dies, as it were. */
    private record BreaksAfter(int last) implements TrainingListener {

        @Override
        public void step(StepRecord step) {
            if (step.step() == last) {
                throw new IllegalStateException("broken off");
            }
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            // only steps count
        }
    }
}
