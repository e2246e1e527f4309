package org.layerwise.run;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.DerivedSetting;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TrainerCallback;
import org.layerwise.training.TrainerSettings;
import org.layerwise.training.TrainerState;
import org.layerwise.training.TrainingListener;

/**
 * Work between the steps of a run: evaluates on the validation rows, keeps the best adapter, stops early, and writes
 * checkpoints. All decisions depend on validation rows only.
 */
public final class EvaluationAndCheckpoints implements TrainerCallback {

    /** Evaluation on the validation rows. */
    public interface Validation {

        boolean hasRows();

        /** Evaluates the model after a step; empty if there are no validation rows, or the work was cancelled. */
        Optional<Measured> evaluate(int step);
    }

    /** Evaluation with the results of each row. */
    public record Measured(Evaluation evaluation, RowMetrics rows) {}

    private final AdaptedModel model;
    private final TrainerSettings trainer;
    private final TrainingSettings settings;
    private final BestMetric metric;
    private final RunIdentity identity;
    private final Validation validation;
    private final MetricsLog log;
    private final RunCheckpoints checkpoints;
    private final int stepsPerEpoch;
    private final TrainingListener listener;

    private @Nullable Evaluation before;
    private RunCheckpoint.@Nullable Evaluated last;
    private @Nullable BestAdapter best;
    private int withoutBetter;
    private boolean evaluationDue;

    /**
     * Creates the work of one run.
     *
     * @param listener receives the steps of checkpoints
     */
    public EvaluationAndCheckpoints(
            AdaptedModel model,
            TrainerSettings trainer,
            TrainingSettings settings,
            BestMetric metric,
            RunIdentity identity,
            Validation validation,
            MetricsLog log,
            RunCheckpoints checkpoints,
            int stepsPerEpoch,
            TrainingListener listener) {
        this.model = model;
        this.trainer = trainer;
        this.settings = settings;
        this.metric = metric;
        this.identity = identity;
        this.validation = validation;
        this.log = log;
        this.checkpoints = checkpoints;
        this.stepsPerEpoch = stepsPerEpoch;
        this.listener = listener;
    }

    /** Evaluates the untrained model, which is not a candidate for the best evaluation. */
    public void begin() {
        before = validation.evaluate(0).map(Measured::evaluation).orElse(null);
        if (before != null && chooses()) {
            metric.requireIn(before);
        }
    }

    /** Continues from a checkpoint, and repeats an evaluation that was interrupted. */
    public void resume(RunCheckpoint from) {
        before = from.before();
        last = from.last();
        best = from.best();
        withoutBetter = from.withoutBetter();
        if (from.evaluationDue()) {
            model.assign(from.state().weights());
            evaluate(from.state().step());
        }
    }

    @Override
    public boolean after(Place place, Supplier<TrainerState> state) {
        if (due(RunSettings.EVALUATE_EVERY, place) || place.last()) {
            evaluate(place.step());
        }
        if (due(RunSettings.CHECKPOINT_EVERY, place)) {
            write(state.get());
        }
        return !stopped();
    }

    /** Returns true if the step is a multiple of the setting's number of steps; never if that is 0. */
    private boolean due(DerivedSetting<Integer, Integer> every, Place place) {
        int steps = settings.get(every, stepsPerEpoch);
        return steps > 0 && place.step() % steps == 0;
    }

    private void evaluate(int step) {
        Optional<Measured> found = validation.evaluate(step);
        evaluationDue = found.isEmpty() && validation.hasRows();
        found.ifPresent(measured -> {
            Evaluation evaluation = measured.evaluation();
            last = new RunCheckpoint.Evaluated(step, evaluation, measured.rows());
            if (best == null || metric.better(evaluation, best.evaluation())) {
                best = keepsBest()
                        ? new BestAdapter(step, evaluation, model.values(), measured.rows())
                        : new BestAdapter(step, evaluation, Map.of(), null);
                withoutBetter = 0;
            } else {
                withoutBetter++;
            }
        });
    }

    @Override
    public void cancelled(Supplier<TrainerState> state) {
        TrainerState now = state.get();
        if (now.step() > 0 && settings.get(RunSettings.CHECKPOINT_EVERY, stepsPerEpoch) > 0) {
            write(now);
        }
    }

    private void write(TrainerState state) {
        log.toDisk();
        checkpoints.write(new RunCheckpoint(
                state,
                new RunCheckpoint.Place(
                        state.step() / stepsPerEpoch,
                        state.step() % stepsPerEpoch * trainer.batches().accumulate(),
                        trainer.seed()),
                before,
                last,
                best,
                withoutBetter,
                evaluationDue,
                log.position(),
                identity));
        listener.checkpointed(state.step());
    }

    @Override
    public Optional<Path> lastCheckpoint() {
        return checkpoints.lastFolder();
    }

    /** Returns true if the choice of the best evaluation has an effect on the run. */
    private boolean chooses() {
        return keepsBest() || patience().isPresent();
    }

    private boolean keepsBest() {
        return settings.get(RunSettings.KEEP_BEST);
    }

    private Optional<Integer> patience() {
        return settings.values().find(RunSettings.PATIENCE);
    }

    /** Returns true if the run stops early, since the last evaluations have not improved the metric. */
    public boolean stopped() {
        return patience().filter(patience -> withoutBetter >= patience).isPresent();
    }

    /** Assigns the weights of the best evaluation to the model, if the best adapter is to be kept. */
    public void takeBest() {
        if (keepsBest() && best != null) {
            model.assign(best.weights());
        }
    }

    /** Returns the evaluation of the untrained model; empty if there was none. */
    public Optional<Evaluation> before() {
        return Optional.ofNullable(before);
    }

    /**
     * Returns the evaluation of the adapter that is kept.
     *
     * @param steps number of completed steps
     */
    public Optional<RunCheckpoint.Evaluated> kept(int steps) {
        if (keepsBest() && best != null) {
            return Optional.of(new RunCheckpoint.Evaluated(best.step(), best.evaluation(), best.rows()));
        }
        return Optional.ofNullable(last).filter(evaluated -> evaluated.step() == steps);
    }
}
