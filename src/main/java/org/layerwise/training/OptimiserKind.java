package org.layerwise.training;

import java.util.Locale;
import java.util.function.Function;
import org.layerwise.base.setting.SettingValues;

/** Optimisers. A new one is a constant of this class, a class with its formula, and the same in the job's program. */
public enum OptimiserKind {
    ADAMW("AdamW", 2, AdamW::new),
    LION("Lion", 1, settings -> new Lion());

    private final String title;
    private final int means;
    private final Function<SettingValues, UpdateRule> rule;

    OptimiserKind(String title, int means, Function<SettingValues, UpdateRule> rule) {
        this.title = title;
        this.means = means;
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

    /**
     * Returns the formula.
     *
     * @param settings values of {@link OptimiserSettings}
     */
    UpdateRule rule(SettingValues settings) {
        return rule.apply(settings);
    }
}
