package org.layerwise.training;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;

/**
 * Settings of the optimiser, the learning rate's schedule and the rows of a step, modelled on HuggingFace's
 * {@code TrainingArguments}.
 */
public final class OptimiserSettings {

    /**
     * Maximum number of steps: weeks at ten steps a second; a job for a cluster lists a learning rate for each step.
     */
    private static final int MOST_STEPS = 10_000_000;

    /** Range of learning rates; beyond a million, float32 overflows during training, and nothing is learnt. */
    private static final Range RATE = Range.above(0).atMost(1_000_000);

    private static final Range POSITIVE = Range.above(0);
    private static final Range NOT_NEGATIVE = Range.atLeast(0);
    private static final Range COUNT = Range.atLeast(1);
    private static final Range PROBABILITY = Range.atLeast(0).below(1);

    /** Dropout of the model itself; empty for the dropout in its {@code config.json}. */
    public static final Setting<Optional<Double>> MODEL_DROPOUT = Setting.of(
                    "model-dropout",
                    SettingType.orWord("config", SettingType.NUMBER).labelled("config|P"),
                    Optional.<Double>empty())
            .checked(value -> value.filter(p -> !PROBABILITY.contains(p)).map(p -> PROBABILITY.words()))
            .advanced()
            .inJobs()
            .title("Model dropout")
            .help("The model's own dropout during training: \"config\" for that of its config.json, or a probability.");

    public static final Setting<Double> LEARNING_RATE =
            Setting.number("lr", 1e-3).in(RATE).title("Learning rate").help("Peak learning rate.");

    public static final Setting<OptimiserKind> OPTIMISER = Setting.choice(
                    "optim", OptimiserKind.class, OptimiserKind::id, OptimiserKind.ADAMW)
            .label("NAME")
            .advanced()
            .inJobs()
            .title("Optimizer")
            .help("Formula by which weights change from their gradients.");

    /** Learning rate of B divided by that of A (LoRA+, Hayou et al., arXiv 2402.12354). */
    public static final Setting<Double> LORA_PLUS_RATIO = Setting.number("lora-plus-ratio", null)
            .in(RATE)
            .defaultText("1")
            .advanced()
            .inJobs()
            .title("LoRA+ ratio")
            .help("Factor of the learning rate of the adapters' B matrices (LoRA+).");

    /** Number of optimiser steps, instead of {@link #EPOCHS}. */
    public static final Setting<Integer> STEPS = Setting.whole("steps", null)
            .in(COUNT)
            .defaultText("by epochs")
            .advanced()
            .title("Steps")
            .help("Number of optimiser steps, instead of epochs.");

    public static final Setting<Double> EPOCHS = Setting.number("epochs", 1.0)
            .in(POSITIVE)
            .onlyIf(values -> values.given(STEPS).isEmpty())
            .label("N")
            .title("Epochs")
            .help("Passes over the data.");

    public static final Setting<LearningRateScheduler> SCHEDULER = Setting.choice(
                    "scheduler", LearningRateScheduler.class, LearningRateScheduler::id, LearningRateScheduler.LINEAR)
            .label("NAME")
            .title("Scheduler")
            .help("Schedule of the learning rate.");

    public static final Setting<Integer> SCHEDULER_CYCLES = Setting.whole("scheduler-cycles", 1)
            .in(COUNT)
            .onlyIf(values -> values.get(SCHEDULER) == LearningRateScheduler.COSINE_WITH_RESTARTS)
            .title("Cycles")
            .help("Cycles of cosine_with_restarts.");

    public static final Setting<Double> SCHEDULER_POWER = Setting.number("scheduler-power", 1.0)
            .in(POSITIVE)
            .onlyIf(OptimiserSettings::isPolynomial)
            .label("P")
            .title("Power")
            .help("Power of polynomial.");

    public static final Setting<Double> SCHEDULER_END = Setting.number("scheduler-end", 1e-7)
            .in(NOT_NEGATIVE)
            .onlyIf(OptimiserSettings::isPolynomial)
            .title("Final learning rate")
            .help("Learning rate at the end of polynomial.");

    /** Number of steps in which the learning rate rises, instead of {@link #WARMUP_RATIO}. */
    public static final Setting<Integer> WARMUP_STEPS = Setting.whole("warmup-steps", null)
            .in(NOT_NEGATIVE)
            .defaultText("by ratio")
            .advanced()
            .title("Warm-up steps")
            .help("Number of steps in which the learning rate rises, instead of a ratio.");

    public static final Setting<Double> WARMUP_RATIO = Setting.number("warmup-ratio", 0.06)
            .in(Range.atLeast(0).atMost(1))
            .onlyIf(values -> values.given(WARMUP_STEPS).isEmpty())
            .label("W")
            .title("Warm-up ratio")
            .help("Share of the steps in which the learning rate rises.");

    public static final Setting<Double> WEIGHT_DECAY = Setting.number("weight-decay", 0.0)
            .in(NOT_NEGATIVE)
            .label("W")
            .advanced()
            .inJobs()
            .title("Weight decay")
            .help("Decoupled weight decay, relative to the learning rate.");

    public static final Setting<Double> ADAM_EPSILON = Setting.number("adam-epsilon", 1e-8)
            .in(Range.above(0).atMost(1))
            .onlyIf(values -> values.get(OPTIMISER) == OptimiserKind.ADAMW)
            .label("E")
            .advanced()
            .inJobs()
            .title("Adam epsilon")
            .help("Epsilon of AdamW, which is added to the root of the mean squared gradient.");

    public static final Setting<Integer> ACCUMULATE = Setting.whole("accumulate", 1)
            .in(COUNT)
            .title("Gradient accumulation steps")
            .help(
                    "Batches per optimiser step. Without dropout, --batch 4 --accumulate 4 is the same step as --batch 16;"
                            + " with dropout, other values are dropped.");

    public static final Setting<Boolean> GROUP_BY_LENGTH = Setting.flag("group-by-length")
            .advanced()
            .title("Group by length")
            .help("Put rows of similar length into a batch, which saves padding.");

    public static final Setting<Boolean> PACKING = Setting.flag("packing")
            .advanced()
            .title("Packing")
            .help("Compute the rows of a batch side by side instead of padded; of language models only.");

    public static final Setting<Double> MAX_GRAD_NORM = Setting.number("max-grad-norm", 1.0)
            .in(NOT_NEGATIVE)
            .label("G")
            .advanced()
            .inJobs()
            .title("Max gradient norm")
            .help("Largest norm of the gradient; a longer gradient is scaled down. 0 turns this off.");

    public static final Setting<Double> LABEL_SMOOTHING = Setting.number("label-smoothing", 0.0)
            .in(PROBABILITY)
            .label("E")
            .advanced()
            .inJobs()
            .title("Label smoothing")
            .help("Share of the loss that is spread evenly over all classes or tokens.");

    /** All settings of this class, in the order in which files list them. */
    public static final List<Setting<?>> ALL = List.of(
            MODEL_DROPOUT,
            LEARNING_RATE,
            OPTIMISER,
            LORA_PLUS_RATIO,
            STEPS,
            EPOCHS,
            SCHEDULER,
            SCHEDULER_CYCLES,
            SCHEDULER_POWER,
            SCHEDULER_END,
            WARMUP_STEPS,
            WARMUP_RATIO,
            WEIGHT_DECAY,
            ADAM_EPSILON,
            ACCUMULATE,
            GROUP_BY_LENGTH,
            PACKING,
            MAX_GRAD_NORM,
            LABEL_SMOOTHING);

    /** Settings that another setting replaces, by the other one; a file or command line may have one of both. */
    public static final Map<Setting<?>, Setting<?>> REPLACED = Map.of(STEPS, EPOCHS, WARMUP_STEPS, WARMUP_RATIO);

    private OptimiserSettings() {}

    private static boolean isPolynomial(SettingValues values) {
        return values.get(SCHEDULER) == LearningRateScheduler.POLYNOMIAL;
    }

    /**
     * Returns the batch size, gradient accumulation and grouping of the rows of a step.
     *
     * @param rows number of rows in a batch
     */
    public static TrainerSettings.Grouping grouping(SettingValues values, int rows) {
        return new TrainerSettings.Grouping(
                rows, values.get(ACCUMULATE), values.get(GROUP_BY_LENGTH), values.get(PACKING));
    }

    /**
     * Returns the schedule of the learning rate.
     *
     * @param stepsPerEpoch number of optimiser steps in a pass over the data
     */
    public static TrainerSettings.Schedule schedule(SettingValues values, int stepsPerEpoch) {
        int steps = totalSteps(values, stepsPerEpoch);
        return new TrainerSettings.Schedule(
                values.get(SCHEDULER),
                totalWarmup(values, steps),
                steps,
                new LearningRateScheduler.Shape(
                        values.get(SCHEDULER_CYCLES), values.get(SCHEDULER_POWER), values.get(SCHEDULER_END)));
    }

    /**
     * Returns the number of optimiser steps.
     *
     * @param stepsPerEpoch number of optimiser steps in a pass over the data
     * @throws UserException if there are more than 10,000,000 steps; a plan has a learning rate for each step
     */
    public static int totalSteps(SettingValues values, int stepsPerEpoch) {
        Optional<Integer> steps = values.find(STEPS);
        double epochs = values.get(EPOCHS);
        double total = steps.isPresent() ? steps.get() : Math.max(1, Math.ceil(epochs * stepsPerEpoch));
        if (total > MOST_STEPS) {
            throw new UserException(
                    "%s are more than the %s optimiser steps that one training may take; ask for fewer %s."
                            .formatted(
                                    steps.map(number -> number + " steps")
                                            .orElse("%s epochs of %s steps".formatted(epochs, stepsPerEpoch)),
                                    MOST_STEPS,
                                    steps.isPresent() ? "steps" : "epochs"));
        }
        return (int) total;
    }

    /** Returns the number of steps in which the learning rate rises, rounded up as HuggingFace's Trainer does. */
    static int totalWarmup(SettingValues values, int totalSteps) {
        return values.find(WARMUP_STEPS).orElseGet(() -> (int) Math.ceil(values.get(WARMUP_RATIO) * totalSteps));
    }
}
