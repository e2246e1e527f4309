package org.layerwise.model;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerwise.base.UserException;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * The explanation of results that are NaN or infinite: the layer they come from, and the weight if one holds such numbers. It is
 * only searched for once a result shows them, so that it costs nothing otherwise.
 */
public final class NonFinite {

    private static final int NOWHERE = -1;
    private static final String ANOTHER = "download or save the model again, or take another";

    private NonFinite() {}

    /**
     * Refuses weights that hold NaN or infinite numbers; one reduction a tensor.
     *
     * @throws UserException that names the first of them
     */
    public static void requireWeights(TransformerModel model) {
        weight(model).ifPresent(name -> {
            throw new UserException("The weight %s of %s holds NaN or infinite numbers; %s."
                    .formatted(name, model.checkpoint().folder(), ANOTHER));
        });
    }

    /** The name of the first weight that holds NaN or infinite numbers. */
    public static Optional<String> weight(TransformerModel model) {
        try (Scope scope = model.engine().inference()) {
            return model.tensors().entrySet().stream()
                    .filter(entry -> !finite(model.engine(), entry.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    private static boolean finite(TensorEngine engine, Tensor tensor) {
        try (Scope scope = engine.scope()) {
            return Double.isFinite(tensor.abs().max().item());
        }
    }

    /**
     * The refusal of a row whose results are NaN or infinite.
     *
     * @param transformer as it was computed with, with adapters
     * @param tokens of the row alone
     * @param row its name, as in "row 3 of rows.tsv"
     */
    public static UserException refusal(
            TransformerModel model, Transformer transformer, TokenBatch tokens, String row) {
        AtomicInteger first = new AtomicInteger(NOWHERE);
        try (Scope scope = model.engine().inference()) {
            transformer.hiddenStates(model.input(tokens), (state, hidden) -> {
                if (first.get() == NOWHERE && !finite(model.engine(), hidden)) {
                    first.set(state);
                }
            });
        }
        String where = first.get() == NOWHERE ? "in the model's outputs" : from(first.get());
        return new UserException(sentence(row, where, because(model)));
    }

    /**
     * The refusal of a row whose hidden states are NaN or infinite.
     *
     * @param state the first of them that is: 0 for the embeddings
     * @param row its name, as in "row 3 of rows.tsv"
     * @param model where its weights are at hand
     */
    public static UserException refusal(int state, String row, Optional<TransformerModel> model) {
        return new UserException(sentence(
                row, from(state), model.map(NonFinite::because).orElse("leave that row out, or take another model")));
    }

    private static String sentence(String row, String where, String because) {
        return "%s%s gives NaN or infinite numbers %s; %s."
                .formatted(row.substring(0, 1).toUpperCase(Locale.ROOT), row.substring(1), where, because);
    }

    /** The place where numbers stop being finite, in words. */
    public static String from(int state) {
        return state == 0 ? "from the embeddings on" : "from layer %s on".formatted(state - 1);
    }

    private static String because(TransformerModel model) {
        return weight(model)
                .map(name -> "the weight %s of %s holds such numbers: %s"
                        .formatted(name, model.checkpoint().folder(), ANOTHER))
                .orElse(
                        model.transformer().type().bytes() == 2
                                ? "the weights of the layers are finite, so compute with --dtype f32"
                                : "the weights of the layers are finite, so look at the head and the adapter, or leave that row out");
    }
}
