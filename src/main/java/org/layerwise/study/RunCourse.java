package org.layerwise.study;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.settings.DerivedSetting;
import org.layerwise.study.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TrainerSettings;
import org.layerwise.training.TrainerState;
import org.layerwise.training.TrainingCourse;
import org.layerwise.training.TrainingListener;

/**
 * What a run does between its steps: evaluates on the validation rows, remembers the best adapter, stops early, and writes
 * checkpoints. All of that looks at validation rows only.
 */
final class RunCourse implements TrainingCourse {

    /** Evaluates on the validation rows; empty if there are none, or the work was asked to stop meanwhile. */
    interface Validation {

        boolean hasRows();

        /** Tells what it finds as that of a step. */
        Optional<Measured> evaluate(int step);
    }

    /** An evaluation and the results of each row that it rests on. */
    record Measured(Evaluation evaluation, RowMetrics rows) {}

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

    /** @param listener hears of checkpoints */
    RunCourse(
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

    /** Begins with an evaluation of the untrained model, which is no candidate for the best. */
    void begin() {
        before = validation.evaluate(0).map(Measured::evaluation).orElse(null);
        if (before != null && chooses()) {
            metric.requireIn(before);
        }
    }

    /** Goes on from a checkpoint; makes up for an evaluation that was cut off. */
    void resume(RunCheckpoint from) {
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

    /** Returns true after every so many steps; never if that is 0. */
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

    /** Whether something depends on which evaluation is the best. */
    private boolean chooses() {
        return keepsBest() || patience().isPresent();
    }

    private boolean keepsBest() {
        return settings.get(RunSettings.KEEP_BEST);
    }

    private Optional<Integer> patience() {
        return settings.values().find(RunSettings.PATIENCE);
    }

    /** Whether it stops since nothing has become better for long enough. */
    boolean stopped() {
        return patience().filter(patience -> withoutBetter >= patience).isPresent();
    }

    /** Gives the model the weights of the best evaluation, if they are to be kept. */
    void takeBest() {
        if (keepsBest() && best != null) {
            model.assign(best.weights());
        }
    }

    /** The evaluation of the untrained model. */
    Optional<Evaluation> before() {
        return Optional.ofNullable(before);
    }

    /**
     * The evaluation of the adapter that is kept.
     *
     * @param steps that were taken
     */
    Optional<RunCheckpoint.Evaluated> kept(int steps) {
        if (keepsBest() && best != null) {
            return Optional.of(new RunCheckpoint.Evaluated(best.step(), best.evaluation(), best.rows()));
        }
        return Optional.ofNullable(last).filter(evaluated -> evaluated.step() == steps);
    }
}
