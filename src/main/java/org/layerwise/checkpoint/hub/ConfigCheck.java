package org.layerwise.checkpoint.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** Check of a model's configuration, which decides before the download if the model can be used. */
@FunctionalInterface
public interface ConfigCheck {

    /**
     * Checks a configuration.
     *
     * @param file path that the file will have, as messages name it
     * @throws org.layerwise.base.UserException if the model cannot be used
     */
    void check(Path file, JsonNode config);
}
