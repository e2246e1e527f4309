package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.WholeFiles;
import org.layerwise.study.DataSettings;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.OpenModel;
import org.layerwise.study.TrainingJob;
import org.layerwise.study.TrainingSettings;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: LoRA on the selected layers. */
@Command(
        name = "train",
        customSynopsis = "layerwise train --model MODEL --data FILE [OPTIONS] --out DIR",
        description = "Train LoRA adapters on the selected layers, or on all.")
final class TrainCommand extends LayerwiseCommand {

    private final CommandContext context;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Mixin
    private TrainingOptions training;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            order = 800,
            description = "Run folder for adapter/, metrics.jsonl, config.yaml and summary.json.")
    private Path out;

    @Mixin
    private ComputeOptions compute;

    TrainCommand(CommandContext context) {
        this.context = context;
        this.model = new ModelOptions();
        this.data = new DataOptions();
        this.training = new TrainingOptions();
        this.compute = new ComputeOptions();
        this.out = Path.of("");
    }

    @Override
    List<Rivals> rivals() {
        return List.of(
                Rivals.of("--selection", "--layers"),
                Rivals.of("--warmup-ratio", "--warmup-steps"),
                Rivals.of("--epochs", "--steps"));
    }

    TrainingOptions training() {
        return training;
    }

    /** The model as the flags name it. */
    ModelSettings modelSettings() {
        return compute.settings(model.model());
    }

    /** The rows as the flags name them. */
    DataSettings dataSettings() {
        return data.settings();
    }

    @Override
    String farewell() {
        return AFTER_STEP;
    }

    @Override
    void run() {
        DataSettings rows = dataSettings();
        model.model();
        compute.device();
        training.check();
        WholeFiles.checkWritableFolder(out);
        context.run("Train", (workbench, progress) -> {
            try (OpenModel open = model.open(context, workbench, compute, progress)) {
                TrainingSettings settings = training.settings(open.card().layers());
                TrainingSummary summary = new TrainingJob(workbench, open, rows, settings, out)
                        .run(progress.part(ModelOptions.OPENED, 1), new Spoken(progress));
                progress.noteCut(summary.cutRows());
                progress.close(); // a bar would be drawn over the result
                tell(summary);
            }
        });
    }

    private void tell(TrainingSummary summary) {
        context.say("%s after %d %s, %d trainable parameters of %d; wrote %s"
                .formatted(
                        summary.cancelled() ? "Stopped" : "Trained",
                        summary.steps(),
                        summary.steps() == 1 ? "step" : "steps",
                        summary.trainableParameters(),
                        summary.totalParameters(),
                        summary.folder()));
    }

    /** Evaluations as remarks; steps are in the progress's own message. */
    private record Spoken(ConsoleProgress progress) implements TrainingListener {

        @Override
        public void step(StepRecord step) {
            // the job reports each step as progress
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            progress.note("%s: %s"
                    .formatted(step == 0 ? "Before training" : "After step " + step, Metrics.words(evaluation)));
        }
    }
}
