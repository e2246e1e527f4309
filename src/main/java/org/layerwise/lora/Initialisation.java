package org.layerwise.lora;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.UserException;
import org.layerwise.tensor.TensorEngine;

/** Initialisation of new adapters: PEFT's {@code init_lora_weights}. */
public sealed interface Initialisation {

    /** Random A and zero B: the model starts as its base (Hu et al., arXiv 2106.09685). */
    record Random() implements Initialisation {
        @Override
        public String id() {
            return "true";
        }

        @Override
        public Object peftValue() {
            return true;
        }
    }

    /** A and B whose product is not zero and is taken out of the weight: the model starts as its base. */
    sealed interface TakenOut extends Initialisation permits FromWeight, LoraGa {

        /** Returns the name in the literature. */
        String title();

        /** Returns true if A and B can be such a start; the tolerance is that of numbers in 16 bits. */
        boolean couldBe(TensorEngine engine, LowRankUpdate product);

        /** Returns the property of A and B that {@link #couldBe} checks, in words that follow "shows": a clause. */
        String property(TensorEngine engine);

        /**
         * Refuses a model whose weights are stored {@code [in, out]} if PEFT computes another start for it.
         *
         * @throws UserException if PEFT does
         */
        default void requireUpright(Object model) {}

        /**
         * Returns the exception for a model whose weights are quantised.
         *
         * @param wayOut clause on what to do instead
         */
        default UserException refusedOn(Object model, String wayOut) {
            return new UserException(
                    "%s takes a part out of the weights of the model, and those of %s are quantised; %s."
                            .formatted(title(), model, wayOut));
        }
    }

    /** Part of the weight, which is taken out of it and can be computed again from it. */
    sealed interface FromWeight extends TakenOut {

        /** Returns the computation of the part. */
        WeightPart part(TensorEngine engine);

        @Override
        default boolean couldBe(TensorEngine engine, LowRankUpdate product) {
            return part(engine).couldBe(product);
        }

        @Override
        default String property(TensorEngine engine) {
            return part(engine).property();
        }
    }

    /**
     * Principal singular vectors of the weight, which are taken out of it (PiSSA, Meng et al., arXiv 2404.02948).
     *
     * @param iterations number of iterations of the randomised SVD (Halko et al., arXiv 0909.4061); empty for the exact
     *     SVD
     */
    record Pissa(OptionalInt iterations) implements FromWeight {
        @Override
        public String title() {
            return "PiSSA";
        }

        @Override
        public WeightPart part(TensorEngine engine) {
            return new PissaInitialisation(engine, iterations);
        }

        @Override
        public String id() {
            return iterations.isPresent() ? "pissa_niter_" + iterations.getAsInt() : "pissa";
        }

        @Override
        public boolean isDrawnAnew() {
            return iterations.isPresent();
        }
    }

    /** First columns of Q and rows of R of the weight's QR decomposition (OLoRA, Büyükakyüz, arXiv 2406.01775). */
    record Olora() implements FromWeight {
        static final String ID = "olora";

        @Override
        public String title() {
            return "OLoRA";
        }

        @Override
        public String id() {
            return ID;
        }

        @Override
        public WeightPart part(TensorEngine engine) {
            return new OloraInitialisation(engine);
        }

        @Override
        public void requireUpright(Object model) {
            throw new UserException(
                    "%s stores its linear modules turned, for which PEFT has no OLoRA; choose --variant pissa."
                            .formatted(model));
        }
    }

    /**
     * Singular vectors of the gradient of the loss on training rows (LoRA-GA, Wang et al., arXiv 2407.05000), whose product
     * is taken out of the weight. It cannot be computed again from the weight, so adapters are written as plain LoRA of the
     * unchanged weights.
     */
    record LoraGa() implements TakenOut {
        static final String ID = "lora-ga";

        /** Name in PEFT. */
        static final String PEFT = "lora_ga";

        @Override
        public String title() {
            return "LoRA-GA";
        }

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Object peftValue() {
            return PEFT;
        }

        @Override
        public boolean couldBe(TensorEngine engine, LowRankUpdate product) {
            return WeightPart.hasOrthonormalRows(engine, product.a().detach(), WeightPart.GENEROUS);
        }

        @Override
        public String property(TensorEngine engine) {
            return "the rows of A would be orthonormal";
        }

        @Override
        public void requireUpright(Object model) {
            throw new UserException(
                    "%s stores its linear modules turned, for which PEFT scales LoRA-GA by their inputs instead of their outputs; choose --variant pissa."
                            .formatted(model));
        }
    }

    /**
     * Principal components of a module's inputs on training rows as A, and zero B: the model starts as its base (EVA,
     * Paischer et al., arXiv 2410.07170). The ranks stay as they are set.
     */
    record Eva() implements Initialisation {
        static final String ID = "eva";

        @Override
        public String id() {
            return ID;
        }
    }

    /** Returns the name; {@code true} for the default. */
    String id();

    /** Returns the value of PEFT's {@code init_lora_weights}: true for the default, otherwise the name. */
    default Object peftValue() {
        return id();
    }

    /** Returns true if PEFT draws the start of a stored adapter anew, by other random numbers, whenever it loads it. */
    default boolean isDrawnAnew() {
        return false;
    }

    /** Returns the default initialisation. */
    static Initialisation random() {
        return new Random();
    }

    /** Returns the initialisation for {@code pissa}, {@code pissa_niter_4} or {@code olora}; empty for other names. */
    static Optional<FromWeight> fromWeight(String id) {
        if (id.equalsIgnoreCase(Olora.ID)) {
            return Optional.of(new Olora());
        }
        Matcher matcher = Pattern.compile("pissa(?:_niter_(\\d{1,4}))?").matcher(id.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Pissa(
                matcher.group(1) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(matcher.group(1)))));
    }
}
