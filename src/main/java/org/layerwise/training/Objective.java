package org.layerwise.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.layerwise.base.UserException;
import org.layerwise.data.Labels;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Training objective: compares a model's outputs for some rows with their labels. */
public sealed interface Objective {

    /** Returns the kind of task. */
    TaskKind task();

    /** Returns the weight of some rows in a mean: the number of rows, or the number of their labelled tokens. */
    long weight(int[] rows);

    /**
     * Returns the mean loss of a piece, a scalar in float32; a mean over several pieces weights each by
     * {@link #weight}.
     *
     * @param hidden input of heads, {@code [batch, sequence, hidden]}
     * @param dropout the model's own dropout, for those of its kinds that the head has
     */
    Tensor loss(OutputHead head, Tensor hidden, ModelInput input, Piece piece, ModelConfig.Dropout dropout);

    /**
     * Computes the loss of a piece in parts, whose sum it is, so that each part can be differentiated and freed before the next:
     * the logits of a large vocabulary take more memory than the rest of a training.
     *
     * @param part receives each part, a scalar in float32
     */
    default void eachPart(
            OutputHead head,
            Tensor hidden,
            ModelInput input,
            Piece piece,
            ModelConfig.Dropout dropout,
            Consumer<Tensor> part) {
        part.accept(loss(head, hidden, input, piece, dropout));
    }

    /**
     * Returns this objective with a share of the loss spread evenly over all classes or tokens, as in transformers'
     * {@code LabelSmoother}: {@code (1 - share) * -log p(label) + share * mean over k of -log p(k)}. It is for
     * training; an evaluation uses no smoothing, so that losses and perplexities of differently smoothed runs can be
     * compared (HuggingFace's Trainer also smooths in evaluations).
     *
     * @param share 0 to 1, exclusive; 0 for none
     * @throws UserException if the task has no classes
     */
    Objective smoothed(double share);

    /** Objective with one row of outputs per example. */
    sealed interface OfRows extends Objective {

        @Override
        default long weight(int[] rows) {
            return rows.length;
        }

        @Override
        default Tensor loss(
                OutputHead head, Tensor hidden, ModelInput input, Piece piece, ModelConfig.Dropout dropout) {
            return loss(input.engine(), ((ClassificationHead) head).logits(hidden, input, dropout), piece.rows());
        }

        /**
         * Returns the mean loss over rows, a scalar.
         *
         * @param logits {@code [rows, outputs]}
         * @param rows indices into the data
         */
        Tensor loss(TensorEngine engine, Tensor logits, int[] rows);

        /**
         * Returns the task's metrics by name, in the order of their display. All are NaN if some logit is not finite,
         * since such a row has no prediction.
         */
        default Map<String, Double> metrics(float[][] logits) {
            for (float[] row : logits) {
                for (float logit : row) {
                    if (!Float.isFinite(logit)) {
                        Map<String, Double> unknown = new LinkedHashMap<>();
                        task().metrics().forEach(name -> unknown.put(name, Double.NaN));
                        return unknown;
                    }
                }
            }
            return metricsOfFinite(logits);
        }

        /** Returns the task's metrics of finite logits by name, in the order of their display. */
        Map<String, Double> metricsOfFinite(float[][] logits);

        /** Returns the label of a row, in the form in which predictions are written. */
        Number label(int row);

        /** Returns the prediction for the logits of a row. */
        Number predicted(float[] logits);
    }

    /**
     * Cross-entropy over classes; the class of the highest logit is the prediction.
     *
     * @param smoothing share of the loss that is spread over all classes
     */
    record Classification(Labels.Classes labels, int classes, double smoothing) implements OfRows {

        public Classification(Labels.Classes labels, int classes) {
            this(labels, classes, 0);
        }

        @Override
        public Classification smoothed(double share) {
            return new Classification(labels, classes, share);
        }

        @Override
        public TaskKind task() {
            return TaskKind.CLASSIFICATION;
        }

        @Override
        public Tensor loss(TensorEngine engine, Tensor logits, int[] rows) {
            long[] wanted = Arrays.stream(rows).mapToLong(labels::of).toArray();
            return logits.crossEntropy(engine.of(wanted, wanted.length).to(logits.device()), smoothing);
        }

        @Override
        public Map<String, Double> metricsOfFinite(float[][] logits) {
            int[] wanted = labels.values();
            int[] predictions =
                    Arrays.stream(logits).mapToInt(Classification::highest).toArray();
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("accuracy", Metrics.accuracy(wanted, predictions));
            metrics.put("matthews", Metrics.matthews(wanted, predictions));
            metrics.put(
                    "f1", classes == 2 ? Metrics.binaryF1(wanted, predictions) : Metrics.macroF1(wanted, predictions));
            return metrics;
        }

        @Override
        public Number label(int row) {
            return labels.of(row);
        }

        @Override
        public Number predicted(float[] logits) {
            return highest(logits);
        }

        private static int highest(float[] logits) {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            return best;
        }
    }

    /** Mean squared error of one output. */
    record Regression(Labels.Numbers labels) implements OfRows {

        @Override
        public Regression smoothed(double share) {
            if (share != 0) {
                throw new UserException(
                        "Label smoothing spreads a label over classes, and a regression has none; leave it out.");
            }
            return this;
        }

        @Override
        public TaskKind task() {
            return TaskKind.REGRESSION;
        }

        @Override
        public Tensor loss(TensorEngine engine, Tensor logits, int[] rows) {
            float[] wanted = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                wanted[i] = (float) labels.of(rows[i]);
            }
            return logits.reshape(-1)
                    .meanSquaredError(engine.of(wanted, wanted.length).to(logits.device()));
        }

        @Override
        public Map<String, Double> metricsOfFinite(float[][] logits) {
            double[] wanted = labels.values();
            double[] predictions =
                    Arrays.stream(logits).mapToDouble(row -> row[0]).toArray();
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("pearson", Metrics.pearson(wanted, predictions));
            metrics.put("spearman", Metrics.spearman(wanted, predictions));
            return metrics;
        }

        @Override
        public Number label(int row) {
            return labels.of(row);
        }

        @Override
        public Number predicted(float[] logits) {
            return logits[0];
        }
    }

    /**
     * Cross-entropy of each labelled token given the tokens before it, as in HuggingFace's causal language models. The
     * mean is over tokens, so that a long answer counts more than a short one.
     *
     * @param smoothing share of the loss that is spread over all tokens of the vocabulary
     * @param mostLogits maximum number of logits that are computed at a time, at least those of one token
     */
    record NextTokens(Labels.TokenLabels labels, double smoothing, long mostLogits) implements Objective {

        /** Default of {@link #mostLogits}. */
        public static final long MOST_LOGITS = 1 << 24;

        public NextTokens(Labels.TokenLabels labels) {
            this(labels, 0, MOST_LOGITS);
        }

        @Override
        public NextTokens smoothed(double share) {
            return new NextTokens(labels, share, mostLogits);
        }

        @Override
        public TaskKind task() {
            return TaskKind.CAUSAL_LM;
        }

        @Override
        public long weight(int[] rows) {
            return Arrays.stream(rows).mapToLong(labels::predicted).sum();
        }

        @Override
        public Tensor loss(OutputHead head, Tensor hidden, ModelInput input, Piece piece, ModelConfig.Dropout dropout) {
            return loss(head, hidden, input, picked(piece.batches()));
        }

        private Tensor loss(OutputHead head, Tensor hidden, ModelInput input, Picked picked) {
            if (picked.wanted.length == 0) {
                // nothing to learn, but every trained tensor, those of the head included, gets a gradient of zero
                Picked any = new Picked(new long[] {0}, new long[] {0});
                return logits(head, hidden, input, any).mul(0).sum().cast(DType.F32);
            }
            return logits(head, hidden, input, picked).crossEntropy(wanted(hidden, input, picked), smoothing);
        }

        @Override
        public void eachPart(
                OutputHead head,
                Tensor hidden,
                ModelInput input,
                Piece piece,
                ModelConfig.Dropout dropout,
                Consumer<Tensor> part) {
            Picked picked = picked(piece.batches());
            List<Picked> pieces = picked.pieces(tokensAtOnce(head));
            if (pieces.size() < 2) {
                part.accept(loss(head, hidden, input, picked));
                return;
            }
            for (Picked some : pieces) {
                try (Scope scope = input.engine().scope()) {
                    part.accept(
                            loss(head, hidden, input, some).mul((double) some.wanted.length / picked.wanted.length));
                }
            }
        }

        private int tokensAtOnce(OutputHead head) {
            return (int)
                    Math.max(1, mostLogits / ((LanguageModelHead) head).output().out());
        }

        /**
         * Returns the mean loss of each row of a batch over its labelled tokens, summed in double precision and without
         * dropout; 0 for a row without labelled tokens.
         */
        double[] rowLosses(OutputHead head, Tensor hidden, ModelInput input, Batch batch) {
            Picked picked = picked(List.of(batch));
            double[] sums = new double[batch.rows().length];
            int[] counts = new int[sums.length];
            for (Picked some : picked.pieces(tokensAtOnce(head))) {
                float[] likelihoods = likelihoods(head, hidden, input, some);
                for (int i = 0; i < likelihoods.length; i++) {
                    int row = (int) (some.before[i] / batch.tokens().length());
                    sums[row] -= likelihoods[i];
                    counts[row]++;
                }
            }
            for (int row = 0; row < sums.length; row++) {
                sums[row] = counts[row] == 0 ? 0 : sums[row] / counts[row];
            }
            return sums;
        }

        /**
         * Returns the tokens of a batch before its labelled ones, as indices in the flattened batch, in pieces.
         *
         * @param size maximum number of tokens of a piece
         */
        List<long[]> predicting(Batch batch, int size) {
            return picked(List.of(batch)).pieces(size).stream()
                    .map(Picked::before)
                    .toList();
        }

        private static float[] likelihoods(OutputHead head, Tensor hidden, ModelInput input, Picked picked) {
            try (Scope scope = input.engine().scope()) {
                Tensor wanted = wanted(hidden, input, picked).reshape(-1, 1);
                return logits(head, hidden, input, picked)
                        .cast(DType.F32)
                        .logSoftmax(1)
                        .gather(1, wanted)
                        .floats();
            }
        }

        /**
         * Labelled tokens of batches that lie side by side.
         *
         * @param before indices, in the flattened batches, of the tokens before the labelled ones
         * @param wanted ids of the labelled tokens
         */
        private record Picked(long[] before, long[] wanted) {

            /** Returns these tokens in pieces of some tokens; empty if there are none. */
            List<Picked> pieces(int size) {
                List<Picked> pieces = new ArrayList<>();
                for (int begin = 0; begin < wanted.length; begin += size) {
                    int end = Math.min(wanted.length, begin + size);
                    pieces.add(
                            new Picked(Arrays.copyOfRange(before, begin, end), Arrays.copyOfRange(wanted, begin, end)));
                }
                return pieces;
            }
        }

        private Picked picked(List<Batch> sideBySide) {
            LongStream.Builder before = LongStream.builder();
            LongStream.Builder wanted = LongStream.builder();
            int start = 0;
            for (Batch batch : sideBySide) {
                int length = batch.tokens().length();
                long[] padded = labels.padded(batch.rows(), length);
                for (int at = 0; at < padded.length; at++) {
                    if (at % length != 0 && padded[at] != Labels.IGNORED) {
                        before.add(start + at - 1L);
                        wanted.add(padded[at]);
                    }
                }
                start += padded.length;
            }
            return new Picked(before.build().toArray(), wanted.build().toArray());
        }

        /** Returns the logits for the labelled tokens only: the logits for all tokens may be larger than the model. */
        private static Tensor logits(OutputHead head, Tensor hidden, ModelInput input, Picked picked) {
            return logits(head, hidden, input, picked.before);
        }

        /**
         * Returns the logits {@code [positions, vocabulary]} in float32.
         *
         * @param positions indices of tokens in the flattened batch
         */
        static Tensor logits(OutputHead head, Tensor hidden, ModelInput input, long[] positions) {
            Tensor before = input.engine().of(positions, positions.length).to(hidden.device());
            return ((LanguageModelHead) head)
                    .logits(hidden.reshape(-1, hidden.size(-1)).indexSelect(0, before));
        }

        private static Tensor wanted(Tensor hidden, ModelInput input, Picked picked) {
            return input.engine().of(picked.wanted, picked.wanted.length).to(hidden.device());
        }
    }
}
