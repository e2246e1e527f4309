package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraVariant;

/** The kinds of LoRA that the form offers. */
public enum VariantChoice {
    LORA("lora"),
    RSLORA("rslora"),
    DORA("dora"),
    PISSA("pissa"),
    PISSA_FAST("pissa_niter_");

    /** Iterations of the fast PiSSA where nothing is said: what the paper's code calls with. */
    static final int ITERATIONS = 4;

    private final String word;

    VariantChoice(String word) {
        this.word = word;
    }

    /**
     * The variant that is meant.
     *
     * @param iterations of the randomised SVD, in force for the fast PiSSA
     */
    LoraVariant variant(int iterations) {
        return LoraVariant.of(this == PISSA_FAST ? word + iterations : word);
    }

    /** The choice that a variant is. */
    public static VariantChoice of(LoraVariant variant) {
        if (iterations(variant).isPresent()) {
            return PISSA_FAST;
        }
        return Arrays.stream(values())
                .filter(choice -> choice.word.equals(variant.id()))
                .findFirst()
                .orElse(variant.decomposed() ? DORA : LORA);
    }

    /** The iterations of the fast PiSSA; empty for other variants. */
    static OptionalInt iterations(LoraVariant variant) {
        return variant.initialisation() instanceof Initialisation.Pissa pissa
                ? pissa.iterations()
                : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return text("training.variant." + name().toLowerCase(Locale.ROOT));
    }
}
