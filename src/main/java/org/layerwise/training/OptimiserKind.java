package org.layerwise.training;

import java.util.Locale;
import java.util.function.Function;
import org.layerwise.base.Citation;
import org.layerwise.base.setting.SettingValues;

/** Optimisers. A new one is a class with its formula and paper and a constant here; clusters also need its formula in the job's program. */
public enum OptimiserKind {
    ADAMW("AdamW", 2, AdamW.PAPER, AdamW::new),
    LION("Lion", 1, Lion.PAPER, settings -> new Lion());

    private final String title;
    private final int means;
    private final Citation paper;
    private final Function<SettingValues, UpdateRule> rule;

    OptimiserKind(String title, int means, Citation paper, Function<SettingValues, UpdateRule> rule) {
        this.title = title;
        this.means = means;
        this.paper = paper;
        this.rule = rule;
    }

    /** Returns the name in flags and files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name in texts. */
    public String title() {
        return title;
    }

    /**
     * Returns the number of running means that are kept of each parameter. The second, if there is one, is of squares
     * and never negative.
     */
    public int means() {
        return means;
    }

    /** Returns the paper that defines the optimiser. */
    public Citation paper() {
        return paper;
    }

    /**
     * Returns the formula.
     *
     * @param settings values of {@link OptimiserSettings}
     */
    UpdateRule rule(SettingValues settings) {
        return rule.apply(settings);
    }
}
