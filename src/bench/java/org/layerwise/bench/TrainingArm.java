package org.layerwise.bench;

import org.layerwise.lora.PlainLora;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.training.EpochListener;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.Objective;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.Trainer;
import org.layerwise.training.TrainerSettings;
import org.layerwise.training.TrainingListener;

/**
 * One way to train a model, timed: LoRA of rank 8 on the family's usual modules of some layers, without dropout, which the
 * prefix cache needs, on rows of one length.
 */
final class TrainingArm implements AutoCloseable {

    /** Rows of a batch. */
    static final int ROWS = 8;

    /** Tokens of a row. */
    static final int TOKENS = 128;

    /** Batches of an epoch. */
    static final int BATCHES = 3;

    /** Enough for what the layers of the sample model give for all rows. */
    private static final long CACHE_BYTES = 256L << 20;

    static final int RANK = 8;

    private final String name;
    private final AdaptedModel model;
    private final boolean cached;
    private final TokenizedDataset data = rows(ROWS * BATCHES);
    private final List<Double> milliseconds = new ArrayList<>();

    /**
     * @param layers that get adapters
     * @param cached whether layers below them are computed once only
     */
    TrainingArm(String name, TransformerModel base, Collection<Integer> layers, boolean cached) {
        this.name = name;
        this.model = adapted(base, layers);
        this.cached = cached;
    }

    /** A classifier with two classes. */
    static AdaptedModel adapted(TransformerModel base, Collection<Integer> layers) {
        return AdaptedModel.classifier(base, PlainLora.config(RANK, 2 * RANK, 0, base.defaultTargets(), layers), 2, 1);
    }

    /** Rows of random tokens that the sample model knows, of one length, labelled in turn. */
    static TokenizedDataset rows(int count) {
        Random random = new Random(1);
        List<TokenRow> rows = new ArrayList<>();
        int[] labels = new int[count];
        for (int row = 0; row < count; row++) {
            rows.add(new TokenRow(random.longs(TOKENS, 1000, 20_000).toArray(), null));
            labels[row] = row % 2;
        }
        return new TokenizedDataset("random", rows, new Labels.Classes(labels, List.of()), 0, TOKENS);
    }

    /** The loss of {@link #rows}. */
    static Objective objective(TokenizedDataset data) {
        return new Objective.Classification((Labels.Classes) data.labels(), 2);
    }

    /** Trains for two epochs, and takes the times of the second's steps. */
    void run() {
        TrainerSettings settings = new TrainerSettings(
                SettingValues.none()
                        .with(OptimiserSettings.LEARNING_RATE, 1e-4)
                        .with(OptimiserSettings.WEIGHT_DECAY, 0.01)
                        .with(OptimiserSettings.MAX_GRAD_NORM, 1.0),
                new TrainerSettings.Schedule(LearningRateScheduler.CONSTANT, 0, 2 * BATCHES, LearningRateScheduler.Shape.DEFAULTS),
                new TrainerSettings.Grouping(ROWS, 1, false),
                0,
                ModelConfig.Dropout.NONE,
                new TrainerSettings.Memory(false, cached ? CACHE_BYTES : 0),
                1);
        List<Double> ends = new ArrayList<>();
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        TrainingListener listener = new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                ends.add(step.seconds() * 1e3);
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                throw new IllegalStateException("nothing is evaluated here");
            }
        };
        new Trainer(model, data, objective(data), settings, scratch)
                .train(null, new PauseSwitch(), Progress.none(), listener, new EpochListener(step -> {}));
        for (int step = BATCHES; step < ends.size(); step++) {
            milliseconds.add(ends.get(step) - ends.get(step - 1));
        }
    }

    String name() {
        return name;
    }

    /** The time of a step: the shortest, since what else runs on the machine only adds. */
    double shortest() {
        return milliseconds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** The median time of a step. */
    double median() {
        return milliseconds.stream().sorted().toList().get(milliseconds.size() / 2);
    }

    @Override
    public void close() {
        model.close();
    }
}
