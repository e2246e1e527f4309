package org.layerwise.study.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.cli.start.StartupCleanup;
import org.layerwise.lora.LoraSettings;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/**
 * A training of the tiny BERT in a process of its own, which can be killed or run out of room. It resumes whatever is in its
 * folder.
 */
public final class TrainingChild {

    /** The exit code of a run that failed with a sentence. */
    static final int FAILED = 3;

    private static final String LOADING = "CHILD_LOADING";
    private static final String QUANTIZATION = "CHILD_PACKING";

    private TrainingChild() {}

    /** Everything that a resume has to bring back: dropout, accumulation, a schedule, evaluations and the best adapter. */
    public static TrainingSettings settings(Path data, int steps, int checkpointEvery) {
        return TrainingSettings.defaults()
                .withHeldOut(data.toString(), null)
                .with(AdapterSettings.DEFAULTS.withRank(4, 8).with(LoraSettings.DROPOUT, 0.1))
                .with(OptimiserSettings.LEARNING_RATE, 0.005)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.COSINE)
                .with(OptimiserSettings.WARMUP_RATIO, 0.1)
                .with(OptimiserSettings.WEIGHT_DECAY, 0.01)
                .with(OptimiserSettings.STEPS, steps)
                .with(OptimiserSettings.ACCUMULATE, 2)
                .with(OptimiserSettings.MODEL_DROPOUT, Optional.of(0.1))
                .with(RunSettings.EVALUATE_EVERY, 7)
                .with(RunSettings.KEEP_BEST, true)
                .with(RunSettings.BEST_METRIC, "loss")
                .with(RunSettings.CHECKPOINT_EVERY, checkpointEvery);
    }

    /** 16 rows in batches of 3: an epoch ends with a smaller batch, and a smaller step. */
    public static DataSettings rows(Path data) {
        return DataSettings.of(data.toString()).withBatch(3);
    }

    /** The command of the process. */
    public static ProcessBuilder command(Path home, Path data, Path out, int steps, int checkpointEvery) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TrainingChild.class.getName(),
                home.toString(),
                data.toString(),
                out.toString(),
                String.valueOf(steps),
                String.valueOf(checkpointEvery)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // two threads, since sums of several could differ; whatever else the machine does, so tiny a model is waited
        // for
        // without spinning
        builder.environment()
                .putAll(Map.of("OMP_NUM_THREADS", "2", "OMP_WAIT_POLICY", "passive", "GOMP_SPINCOUNT", "0"));
        return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                out.resolveSibling(out.getFileName() + ".log").toFile()));
    }

    /** The same, whose files cannot grow beyond a size from the first step on. */
    static ProcessBuilder limited(ProcessBuilder command, int bytes) {
        command.command().add(String.valueOf(bytes));
        return command;
    }

    /** The same, with the model opened in another way. */
    public static ProcessBuilder opening(ProcessBuilder command, Loading loading, WeightQuantization quantization) {
        command.environment().putAll(Map.of(LOADING, loading.name(), QUANTIZATION, quantization.name()));
        return command;
    }

    private static OpenModel open(Workbench workbench) {
        ModelSettings settings = ModelSettings.of(TinyStudy.MODEL)
                .onDevice("cpu")
                .withLoading(Loading.valueOf(System.getenv().getOrDefault(LOADING, Loading.AUTO.name())))
                .withQuantization(
                        WeightQuantization.valueOf(
                                System.getenv().getOrDefault(QUANTIZATION, WeightQuantization.NONE.name())),
                        false);
        return workbench.openModel(settings, new PauseSwitch(), Progress.none());
    }

    /** Runs it to its end. */
    public static int run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("the training does not end");
        }
        return process.exitValue();
    }

    public static void main(String[] args) {
        Path data = Path.of(args[1]);
        StartupCleanup.await(StartupCleanup.begin(Path.of(args[0]).resolve("cache")));
        try (Workbench workbench = TinyStudy.workbench(Path.of(args[0]));
                OpenModel model = open(workbench)) {
            new TrainingJob(
                            workbench,
                            model,
                            rows(data),
                            settings(data, Integer.parseInt(args[3]), Integer.parseInt(args[4])),
                            Path.of(args[2]),
                            StartMode.RESUME,
                            new PauseSwitch())
                    .run(Progress.none(), args.length > 5 ? new Limit(args[5]) : TrainingListener.none());
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(FAILED);
        }
        System.exit(0); // native threads may live on
    }

    /** Limits the size of files when a step is done: what the libraries unpack before is larger. */
    private record Limit(String bytes) implements TrainingListener {
        @Override
        public void step(StepRecord step) {
            try {
                String self = String.valueOf(ProcessHandle.current().pid());
                new ProcessBuilder("prlimit", "--pid", self, "--fsize=" + bytes)
                        .inheritIO()
                        .start()
                        .waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            // nothing to do
        }
    }
}
