package org.layerwise.settings;

import java.util.List;

/**
 * Settings that belong together in help, forms and the reference page.
 *
 * @param title heading, such as {@code Optimizer}
 * @param settings members, in the order in which they are shown
 */
public record SettingGroup(String title, List<Setting<?>> settings) {

    public SettingGroup {
        settings = List.copyOf(settings);
    }
}
