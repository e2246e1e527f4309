package org.layerwise.base.setting;

import java.util.function.Function;

/**
 * Setting with a default that depends on a context that is known only later, such as the model or the number of rows.
 *
 * @param <T> type of the value
 * @param <C> type of the context
 */
public final class DerivedSetting<T, C> extends Setting<T> {

    private final Function<C, T> derived;

    DerivedSetting(Setting<T> setting, Function<C, T> derived) {
        super(setting);
        this.derived = derived;
    }

    /** Returns the default for a context. */
    public T defaultFor(C context) {
        return derived.apply(context);
    }
}
