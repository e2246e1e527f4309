package org.layerwise.training;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Comparison of the predicted distributions of two models on the same rows: the Jensen-Shannon divergence (Lin, Divergence measures
 * based on the Shannon entropy, IEEE Transactions on Information Theory 37(1), 1991) in bits,
 * {@code (KL(p || m) + KL(q || m)) / 2} with {@code m = (p + q) / 2}, and the disagreement, which is 1 where the most probable outcomes
 * differ. A classifier predicts a distribution a row, a language model one for each labelled token. Computed
 * in float64 from float32 logits.
 */
public final class PredictionDivergence {

    /** Maximum number of logits of a model that are compared at a time. */
    private static final long MOST_LOGITS = Objective.NextTokens.MOST_LOGITS / 8;

    private static final double LN_2 = Math.log(2);

    private PredictionDivergence() {}

    /**
     * Sums of each row over its predictions.
     *
     * @param divergence sum of the divergences in bits; NaN if a logit is not finite
     * @param disagreements number of predictions in which the models disagree
     * @param predictions number of predictions
     */
    public record Rows(double[] divergence, int[] disagreements, int[] predictions) {}

    /** Divergence in bits and disagreement of some predictions. */
    private record Compared(double[] divergence, boolean[] differs) {}

    /**
     * Compares two language models at all labelled tokens, a batch at a time. Only the logits of a part of a batch are in memory.
     *
     * @param data tokens of both models
     * @param objective labelled tokens
     * @param rowsPerBatch maximum number of rows at a time; null for batches by a token budget
     * @throws IllegalArgumentException if the models predict different numbers of tokens
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public static Rows ofLanguageModels(
            TaskModel first,
            TaskModel second,
            TokenizedDataset data,
            Objective.NextTokens objective,
            @Nullable Integer rowsPerBatch,
            Progress progress) {
        TensorEngine engine = first.base().engine();
        int vocabulary = vocabulary(first);
        if (vocabulary(second) != vocabulary) {
            throw new IllegalArgumentException("%s and %s tokens".formatted(vocabulary, vocabulary(second)));
        }
        int atOnce = (int) Math.max(1, MOST_LOGITS / vocabulary);
        Rows rows = new Rows(new double[data.size()], new int[data.size()], new int[data.size()]);
        int done = 0;
        for (Batch batch : batches(first, second, data, rowsPerBatch)) {
            progress.check();
            progress.report(
                    (double) done / data.size(),
                    String.format(Locale.ROOT, "Comparing the predictions for row %,d of %,d", done, data.size()));
            int[] numbers = batch.rows();
            try (Scope scope = engine.inference()) {
                ModelInput input = first.base().input(batch.tokens());
                ModelInput otherInput = second.base().input(batch.tokens());
                Tensor hidden = first.head().feeding(first.transformer()).forward(input, progress);
                Tensor otherHidden = second.head().feeding(second.transformer()).forward(otherInput, progress);
                for (long[] positions : objective.predicting(batch, atOnce)) {
                    try (Scope piece = engine.scope()) {
                        Tensor logits = Objective.NextTokens.logits(first.head(), hidden, input, positions);
                        Tensor others = Objective.NextTokens.logits(second.head(), otherHidden, otherInput, positions);
                        int[] owners = LongStream.of(positions)
                                .mapToInt(position ->
                                        numbers[(int) (position / batch.tokens().length())])
                                .toArray();
                        add(rows, owners, compare(logits, others));
                    }
                }
            }
            done += numbers.length;
        }
        progress.report(1, "Compared all predictions");
        return rows;
    }

    private static int vocabulary(TaskModel model) {
        return ((LanguageModelHead) model.head()).output().out();
    }

    private static List<Batch> batches(
            TaskModel first, TaskModel second, TokenizedDataset data, @Nullable Integer rowsPerBatch) {
        ModelConfig one = first.base().config();
        ModelConfig other = second.base().config();
        int joined = Math.min(one.rowPadding().upTo(), other.rowPadding().upTo());
        if (joined == one.rowPadding().upTo() && one.hiddenSize() >= other.hiddenSize()) {
            return Evaluator.batches(first, data, rowsPerBatch);
        }
        if (joined == other.rowPadding().upTo() && other.hiddenSize() >= one.hiddenSize()) {
            return Evaluator.batches(second, data, rowsPerBatch);
        }
        return Batches.byRows(
                data, new RowPadding(one.rowPadding().id(), joined), rowsPerBatch == null ? 1 : rowsPerBatch);
    }

    /**
     * Returns the logits of a classifier, {@code [rows][classes]} in the order of the data.
     *
     * @param rowsPerBatch maximum number of rows at a time; null for batches by a token budget
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public static float[][] classLogits(
            TaskModel model, TokenizedDataset data, @Nullable Integer rowsPerBatch, Progress progress) {
        ClassificationHead head = (ClassificationHead) model.head();
        float[][] logits = new float[data.size()][];
        int done = 0;
        for (Batch batch : Evaluator.batches(model, data, rowsPerBatch)) {
            progress.check();
            progress.report(
                    (double) done / data.size(),
                    String.format(Locale.ROOT, "Predicting row %,d of %,d", done, data.size()));
            int[] rows = batch.rows();
            try (Scope scope = model.base().engine().inference()) {
                ModelInput input = model.base().input(batch.tokens());
                Tensor hidden = head.feeding(model.transformer()).forward(input, progress);
                Evaluator.keep(head.logits(hidden, input, ModelConfig.Dropout.NONE), rows, logits);
            }
            done += rows.length;
        }
        progress.report(1, "Predicted all rows");
        return logits;
    }

    /**
     * Compares the logits of two classifiers, {@code [rows][classes]}.
     *
     * @throws IllegalArgumentException if the numbers of rows or classes differ
     */
    public static Rows ofClasses(TensorEngine engine, float[][] first, float[][] second) {
        int classes = first[0].length;
        if (first.length != second.length || second[0].length != classes) {
            throw new IllegalArgumentException("logits of different rows or classes");
        }
        Rows rows = new Rows(new double[first.length], new int[first.length], new int[first.length]);
        int atOnce = (int) Math.max(1, MOST_LOGITS / classes);
        for (int begin = 0; begin < first.length; begin += atOnce) {
            int end = Math.min(first.length, begin + atOnce);
            try (Scope scope = engine.inference()) {
                add(
                        rows,
                        IntStream.range(begin, end).toArray(),
                        compare(tensor(engine, first, begin, end), tensor(engine, second, begin, end)));
            }
        }
        return rows;
    }

    private static Tensor tensor(TensorEngine engine, float[][] logits, int begin, int end) {
        int classes = logits[begin].length;
        float[] flat = new float[(end - begin) * classes];
        for (int row = begin; row < end; row++) {
            System.arraycopy(logits[row], 0, flat, (row - begin) * classes, classes);
        }
        return engine.of(flat, end - begin, classes);
    }

    private static void add(Rows rows, int[] owners, Compared compared) {
        for (int i = 0; i < owners.length; i++) {
            rows.divergence[owners[i]] += compared.divergence[i];
            rows.disagreements[owners[i]] += compared.differs[i] ? 1 : 0;
            rows.predictions[owners[i]]++;
        }
    }

    /**
     * Compares logits {@code [n, outcomes]}. With {@code d = log q - log p} the divergence is
     * {@code 1 - sum (p softplus(d) + q softplus(-d)) / (2 ln 2)}, in which no logarithm of 0 occurs.
     */
    private static Compared compare(Tensor first, Tensor second) {
        Tensor p = first.cast(DType.F64).logSoftmax(1);
        Tensor q = second.to(first.device()).cast(DType.F64).logSoftmax(1);
        Tensor d = q.sub(p);
        double[] shared = p.exp()
                .mul(d.softplus())
                .add(q.exp().mul(d.neg().softplus()))
                .sum(1, false)
                .doubles();
        long[] best = p.argmax(1).longs();
        long[] others = q.argmax(1).longs();
        boolean[] differs = new boolean[best.length];
        for (int i = 0; i < best.length; i++) {
            differs[i] = best[i] != others[i];
        }
        return new Compared(
                Arrays.stream(shared)
                        .map(sum -> Double.isFinite(sum) ? Math.min(1, Math.max(0, 1 - sum / (2 * LN_2))) : Double.NaN)
                        .toArray(),
                differs);
    }
}
