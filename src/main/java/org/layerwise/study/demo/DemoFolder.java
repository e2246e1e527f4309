package org.layerwise.study.demo;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.file.OwnedFolder;
import org.layerwise.base.file.SymbolicLinks;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.Run;
import org.layerwise.study.model.Versions;

/**
 * Folder of the demo. A marker file in the folder shows that its files belong to the demo and that the next demo may
 * replace them.
 *
 * @param path path of the folder
 */
record DemoFolder(Path path) {

    static final String ANALYSIS = "analysis";
    static final String SELECTION = "selection.json";

    /** Folder of the run on all layers. */
    static final String FULL = "full";

    /** Folder of the run on the selected layers. */
    static final String SELECTED = "selected";

    private static final String MARK = "demo.json";
    private static final List<String> WRITTEN = List.of(MARK, ANALYSIS, SELECTION, PeftAdapter.CONFIG, FULL, SELECTED);

    /**
     * Checks that the demo replaces only files of an earlier demo, and writes the marker file.
     *
     * @param usual true if the folder is the program's default folder for demos, which holds no other files
     * @throws org.layerwise.base.UserException if a file or folder that does not belong to a demo has the name of one
     *     of the demo's, a symbolic link would lead files out of the folder, or the folder cannot be written
     */
    void begin(boolean usual) {
        SymbolicLinks.requireNone(path, WRITTEN);
        OwnedFolder marked = new OwnedFolder(path, MARK, "demo");
        if (!usual && !marked.isMarked() && !isOfEarlierVersion()) {
            marked.requireNone(WRITTEN);
        }
        WritablePaths.requireFolder(path);
        Json.write(path.resolve(MARK), Json.object().put("layerwise", Versions.layerwise()));
    }

    /**
     * Returns true for a demo of an earlier version without a marker file, which is recognised by its run on all
     * layers.
     */
    private boolean isOfEarlierVersion() {
        Path run = path.resolve(FULL);
        return Run.isRun(run) && Run.open(run).data().equals(Demo.DATA);
    }
}
