/** Opens configurations: YAML files with the settings of a study's steps. */
@NullMarked
package org.layerwise.gui.config;

import org.jspecify.annotations.NullMarked;
