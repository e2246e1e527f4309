package org.layerwise.study.compute;

import java.nio.file.Path;

/**
 * Where the settings of the engine and its libraries are kept.
 *
 * @param config the user's settings
 * @param cache what can be made again: the links
 * @param data what was downloaded
 */
public record ComputePlaces(Path config, Path cache, Path data) {

    /** The links that the engine starts with. */
    Path links() {
        return cache.resolve("gpu").resolve("libraries");
    }

    /** Links that are only tried. */
    Path triedLinks() {
        return cache.resolve("gpu").resolve("tried-" + ProcessHandle.current().pid());
    }

    /** There while a process loads the GPU libraries. */
    Path loading() {
        return cache.resolve("gpu").resolve("loading");
    }

    /** Where libraries are downloaded to. */
    Path downloads() {
        return data.resolve("libtorch");
    }
}
