package org.layerwise.run;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.base.file.Folders;
import org.layerwise.run.tensorboard.TensorBoardEvent;
import org.layerwise.run.tensorboard.TensorBoardFile;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/**
 * Folder {@code tensorboard/} of a run, with the tags of HuggingFace's Trainer: {@code train/loss}, {@code
 * eval/accuracy}. A resumed run rewrites its file from the steps that it keeps, so that no step occurs twice.
 */
public final class RunEvents implements RunLog, AutoCloseable {

    static final String FOLDER = "tensorboard";

    private static final double MILLIS = 1000;

    private final TensorBoardFile file;

    private RunEvents(TensorBoardFile file) {
        this.file = file;
    }

    /**
     * Starts a new event file.
     *
     * @param run folder of the run
     * @param flags settings of the run
     * @param kept earlier steps and evaluations of a resumed run
     * @throws org.layerwise.base.UserException if the file cannot be written
     */
    public static RunEvents begin(Path run, Map<String, ?> flags, RunHistory kept) {
        Path folder = run.resolve(FOLDER);
        double now = now();
        List<TensorBoardEvent> earlier = new ArrayList<>();
        earlier.add(TensorBoardEvent.settings(
                now, flags, String.valueOf(run.toAbsolutePath().normalize().getFileName())));
        Map<Long, Double> times = TensorBoardFile.times(folder);
        int last = kept.steps().size() - 1;
        double end = last < 0 ? 0 : kept.steps().get(last).seconds();
        kept.steps()
                .forEach(step ->
                        earlier.add(event(times.getOrDefault((long) step.step(), now - end + step.seconds()), step)));
        kept.evaluations()
                .forEach(found -> earlier.add(event(
                        times.getOrDefault((long) found.step(), now),
                        found.step(),
                        found.prefix(),
                        found.evaluation())));
        return new RunEvents(TensorBoardFile.inPlaceOfOthers(folder, (long) now, earlier));
    }

    /**
     * Deletes the events that this program has written; events of other programs are kept.
     *
     * @param run folder of the run
     * @throws org.layerwise.base.UserException if a file cannot be deleted
     */
    static void delete(Path run) {
        Path folder = run.resolve(FOLDER);
        TensorBoardFile.deleteAll(folder);
        Folders.deleteIfEmpty(folder);
    }

    private static double now() {
        return Instant.now().toEpochMilli() / MILLIS;
    }

    @Override
    public void step(StepRecord step, double stepSeconds) {
        file.add(event(now(), step));
    }

    @Override
    public void evaluation(int step, String prefix, Evaluation evaluation) {
        file.add(event(now(), step, prefix, evaluation));
    }

    private static TensorBoardEvent event(double time, StepRecord step) {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("train/loss", step.loss());
        scalars.put("train/learning_rate", step.learningRate());
        scalars.put("train/grad_norm", step.gradNorm());
        scalars.put("train/tokens_per_second", step.tokensPerSecond());
        if (step.memoryBytes() > 0) {
            scalars.put("train/memory_bytes", (double) step.memoryBytes());
        }
        return TensorBoardEvent.scalars(time, step.step(), scalars);
    }

    private static TensorBoardEvent event(double time, int step, String prefix, Evaluation evaluation) {
        // eval_NAME becomes eval/NAME_loss, as in HuggingFace's Trainer
        String tag = prefix.contains("_") ? prefix.replaceFirst("_", "/") + "_" : prefix + "/";
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put(tag + "loss", evaluation.loss());
        evaluation.metrics().forEach((name, value) -> scalars.put(tag + name, value));
        return TensorBoardEvent.scalars(time, step, scalars);
    }

    @Override
    public void close() {
        file.close();
    }
}
