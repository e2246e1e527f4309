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

    /** Part of the weight, which is taken out of it: the model starts as its base. */
    sealed interface FromWeight extends Initialisation {

        /** Returns the name in the literature. */
        String title();

        /** Returns the computation of the part. */
        WeightPart part(TensorEngine engine);

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
