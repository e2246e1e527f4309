package org.layerwise.base.setting;

import java.util.List;

/**
 * Group of settings with a common heading in the help, in forms and on the reference page.
 *
 * @param title heading, such as {@code Optimizer}
 * @param settings members, in display order
 */
public record SettingGroup(String title, List<Setting<?>> settings) {

    public SettingGroup {
        settings = List.copyOf(settings);
    }
}
