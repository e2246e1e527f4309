package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.util.Locale;
import java.util.OptionalInt;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;
import org.layerwise.lora.Initialisation;

/** Choice in the form for the initialisation of new adapters. */
public enum InitialisationChoice {
    RANDOM,
    PISSA,
    PISSA_FAST,
    OLORA,
    EVA,
    LORA_GA;

    /**
     * Number of iterations of the fast PiSSA, which is part of the name of its variant; defaults to the value of the
     * paper's code.
     */
    static final Setting<Integer> ITERATIONS = Setting.whole("iterations", 4)
            .in(Range.atLeast(0).atMost(9999))
            .title("Iterations")
            .help("Iterations of the randomized SVD that PiSSA starts from.");

    /**
     * Returns the initialisation of this choice.
     *
     * @param iterations number of iterations of the randomized SVD, used only for the fast PiSSA
     */
    Initialisation initialisation(int iterations) {
        return switch (this) {
            case RANDOM -> Initialisation.random();
            case PISSA -> new Initialisation.Pissa(OptionalInt.empty());
            case PISSA_FAST -> new Initialisation.Pissa(OptionalInt.of(iterations));
            case OLORA -> new Initialisation.Olora();
            case EVA -> new Initialisation.Eva();
            case LORA_GA -> new Initialisation.LoraGa();
        };
    }

    /** Returns the choice of an initialisation. */
    static InitialisationChoice of(Initialisation start) {
        if (start instanceof Initialisation.Olora) {
            return OLORA;
        }
        if (start instanceof Initialisation.Eva) {
            return EVA;
        }
        if (start instanceof Initialisation.LoraGa) {
            return LORA_GA;
        }
        if (iterations(start).isPresent()) {
            return PISSA_FAST;
        }
        return start instanceof Initialisation.Pissa ? PISSA : RANDOM;
    }

    /** Returns the number of iterations of the fast PiSSA; empty for other initialisations. */
    static OptionalInt iterations(Initialisation start) {
        return start instanceof Initialisation.Pissa pissa ? pissa.iterations() : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return text("training.start." + name().toLowerCase(Locale.ROOT));
    }
}
