package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.Locale;
import java.util.OptionalInt;
import org.layerwise.lora.Initialisation;
import org.layerwise.settings.Range;
import org.layerwise.settings.Setting;

/** What fresh adapters start as, as the form offers it. */
public enum StartChoice {
    RANDOM,
    PISSA,
    PISSA_FAST;

    /** Iterations of the fast PiSSA, a part of the name of its variant; by default those of the paper's code. */
    static final Setting<Integer> ITERATIONS = Setting.whole("iterations", 4)
            .in(Range.atLeast(0).atMost(9999))
            .title("Iterations")
            .help("Iterations of the randomized SVD that PiSSA starts from.");

    /**
     * The start that is meant.
     *
     * @param iterations of the randomised SVD, in force for the fast PiSSA
     */
    Initialisation initialisation(int iterations) {
        return switch (this) {
            case RANDOM -> Initialisation.random();
            case PISSA -> new Initialisation.Pissa(OptionalInt.empty());
            case PISSA_FAST -> new Initialisation.Pissa(OptionalInt.of(iterations));
        };
    }

    /** The choice that a start is. */
    static StartChoice of(Initialisation start) {
        if (iterations(start).isPresent()) {
            return PISSA_FAST;
        }
        return start instanceof Initialisation.Pissa ? PISSA : RANDOM;
    }

    /** The iterations of the fast PiSSA; empty for other starts. */
    static OptionalInt iterations(Initialisation start) {
        return start instanceof Initialisation.Pissa pissa ? pissa.iterations() : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return text("training.start." + name().toLowerCase(Locale.ROOT));
    }
}
