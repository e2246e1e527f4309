/**
 * Settings of the user's commands: model, data, analysis, adapter, training, cluster. They are read from flags, from
 * YAML files and from forms. Start with {@link org.layerwise.settings.TrainingSettings}; single settings are {@link
 * org.layerwise.base.setting.Setting} constants.
 */
@NullMarked
package org.layerwise.settings;

import org.jspecify.annotations.NullMarked;
