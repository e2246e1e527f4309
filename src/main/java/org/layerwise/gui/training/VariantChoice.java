package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.Arrays;
import java.util.Locale;
import org.layerwise.lora.LoraVariant;

/** The kinds of LoRA that the form offers. */
public enum VariantChoice {
    LORA("lora"),
    RSLORA("rslora"),
    DORA("dora"),
    PISSA("pissa"),
    PISSA_FAST("pissa_niter_4");

    private final String word;

    VariantChoice(String word) {
        this.word = word;
    }

    /** The variant that is meant. */
    public LoraVariant variant() {
        return LoraVariant.of(word);
    }

    /** The choice nearest to a variant: any number of iterations is the fast PiSSA. */
    public static VariantChoice of(LoraVariant variant) {
        return Arrays.stream(values())
                .filter(choice -> choice.word.equals(variant.id()))
                .findFirst()
                .orElse(variant.id().contains("pissa") ? PISSA_FAST : variant.decomposed() ? DORA : LORA);
    }

    @Override
    public String toString() {
        return text("training.variant." + name().toLowerCase(Locale.ROOT));
    }
}
