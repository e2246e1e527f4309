package org.layerwise.checkpoint.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** Decides by its configuration whether a model is worth fetching. */
@FunctionalInterface
public interface ConfigCheck {

    /** Takes every model. */
    ConfigCheck NONE = (file, config) -> {};

    /**
     * Looks at a configuration.
     *
     * @param file where it will be, as messages name it
     * @throws org.layerwise.base.UserException if the model cannot be used
     */
    void check(Path file, JsonNode config);
}
