package org.layerwise.install.torch;

import java.nio.file.Path;
import java.util.Map;

/** A process that starts the engine as the program does and prints what became of it. */
final class StartedEngine {

    private StartedEngine() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        EngineFolders places =
                new EngineFolders(folder.resolve("config"), folder.resolve("cache"), folder.resolve("data"));
        EngineStart.Started started = new EngineStart(places, Map.of()).start();
        System.out.printf(
                "%s %s %s%n",
                started.engine().flavour(),
                started.engine().libraries().startsWith(places.links()),
                started.note().orElse("no note"));
    }
}
