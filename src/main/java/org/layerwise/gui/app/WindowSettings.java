package org.layerwise.gui.app;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.layerwise.base.UserException;
import org.layerwise.base.file.SettingsFile;
import org.layerwise.base.json.Json;
import org.layerwise.gui.common.ExportOptions;
import org.layerwise.gui.common.ExportOptionsStore;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.LastFolderStore;
import org.layerwise.gui.help.GuideStore;
import org.layerwise.gui.model.RecentFolders;
import org.layerwise.gui.run.UnfinishedRunStore;
import org.layerwise.gui.study.RecentStudies;
import org.layerwise.install.AppFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saved state of the window: theme, position and size, dividers, folders. Stored in one JSON file in the user's
 * configuration folder. If the file cannot be read or written, the error is logged and the window opens with defaults.
 */
public final class WindowSettings
        implements LastFolderStore, ExportOptionsStore, RecentFolders, RecentStudies, UnfinishedRunStore, GuideStore {

    private static final Logger LOG = LoggerFactory.getLogger(WindowSettings.class);

    private static final String NAME = "window.json";
    private static final int MOST_RECENT = 8;

    private final Path file;
    private final ObjectNode values;
    private ObjectNode base;
    private final AtomicInteger copies = new AtomicInteger();
    private final Object turn = new Object();
    private int written;
    private Runnable changed = () -> {};

    private WindowSettings(Path file, ObjectNode values) {
        this.file = file;
        this.values = values;
        this.base = values.deepCopy();
    }

    /** Reads the settings from the user's configuration folder. */
    public static WindowSettings read(AppFolders folders) {
        return read(folders.config().resolve(NAME));
    }

    /** Reads the settings from a file. */
    public static WindowSettings read(Path file) {
        return new WindowSettings(file, saved(file));
    }

    private static ObjectNode saved(Path file) {
        if (Files.isRegularFile(file)) {
            try {
                if (Json.read(file) instanceof ObjectNode saved) {
                    return saved;
                }
                LOG.warn("{} holds no settings and is written anew", file);
            } catch (UserException e) {
                LOG.warn("Settings are written anew: {}", e.getMessage());
            }
        }
        return Json.object();
    }

    /** Saves all settings. */
    public void write() {
        saving().run();
    }

    /**
     * Sets the action to run after each change of a setting, often several times in a row. Window positions do not
     * trigger the action; they are saved when the windows close.
     */
    public void whenChanged(Runnable action) {
        changed = action;
    }

    /**
     * Merges the changes of this window into the current content of the file, which another window may have changed,
     * and writes the file.
     *
     * @param copy sequence number of the change; an older state never overwrites a newer one
     */
    private void write(int copy, ObjectNode now) {
        synchronized (turn) {
            if (copy < written) {
                return;
            }
            written = copy;
            try {
                SettingsFile.change(
                        file,
                        () -> Json.write(
                                file, SettingsChanges.between(base, now).in(saved(file))));
                base = now;
            } catch (UserException e) {
                LOG.warn("Settings are not saved: {}", e.getMessage());
            }
        }
    }

    public ThemeChoice theme() {
        return ThemeChoice.of(values.path("theme").asText());
    }

    public void setTheme(ThemeChoice theme) {
        values.put("theme", theme.id());
        changed.run();
    }

    /**
     * Returns a boolean value, or {@code otherwise} for any other type: an invalid setting must not prevent the start.
     */
    private static boolean flag(JsonNode value, boolean otherwise) {
        return value.isBoolean() ? value.booleanValue() : otherwise;
    }

    /** Returns the object at a JSON pointer. Replaces a value of another type by an empty object. */
    private ObjectNode object(String path) {
        return values.withObject(JsonPointer.compile(path), JsonNode.OverwriteMode.ALL, false);
    }

    private static int whole(JsonNode value, int otherwise) {
        return value.isInt() ? value.intValue() : otherwise;
    }

    @Override
    public boolean guided() {
        return flag(values.path("guided"), false);
    }

    @Override
    public void setGuided(boolean seen) {
        values.put("guided", seen);
        changed.run();
    }

    @Override
    public boolean begun() {
        return flag(values.path("begun"), false);
    }

    @Override
    public void setBegun(boolean begun) {
        values.put("begun", begun);
        changed.run();
    }

    /** Returns the scale of the user interface in per cent; {@link InterfaceScale#SYSTEM} for the desktop's scale. */
    public int scale() {
        return whole(values.path("scale"), InterfaceScale.SYSTEM);
    }

    public void setScale(int percent) {
        values.put("scale", percent);
        changed.run();
    }

    /** Returns a number by name, such as the window's width. */
    public OptionalDouble number(String name) {
        JsonNode value = values.path("window").path(name);
        return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }

    public void setNumber(String name, double value) {
        object("/window").put(name, value);
    }

    public boolean flag(String name) {
        return flag(values.path("window").path(name), false);
    }

    public void setFlag(String name, boolean value) {
        object("/window").put(name, value);
    }

    /** Returns the divider positions of a split pane as fractions from 0 to 1; empty if none are saved. */
    public double[] dividers(String pane) {
        return StreamSupport.stream(values.path("dividers").path(pane).spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    public void setDividers(String pane, double[] positions) {
        ArrayNode array = object("/dividers").putArray(pane);
        for (double position : positions) {
            array.add(position);
        }
    }

    @Override
    public Optional<Path> get(FileDialogs.Purpose purpose) {
        JsonNode folder = values.path("folders").path(key(purpose));
        try {
            return folder.isTextual() ? Optional.of(Path.of(folder.textValue())) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty(); // written on another platform
        }
    }

    @Override
    public void put(FileDialogs.Purpose purpose, Path folder) {
        object("/folders").put(key(purpose), folder.toString());
        changed.run();
    }

    @Override
    public ExportOptions last(String kind, ExportOptions otherwise) {
        JsonNode saved = values.path("export");
        JsonNode size = saved.path("sizes").path(kind);
        try {
            return new ExportOptions(
                    ExportOptions.Format.valueOf(
                            saved.path("format").asText(otherwise.format().name())),
                    whole(size.path("width"), otherwise.width()),
                    whole(size.path("height"), otherwise.height()),
                    whole(saved.path("dpi"), otherwise.dpi()),
                    flag(saved.path("dark"), otherwise.dark()),
                    flag(saved.path("transparent"), otherwise.transparent()),
                    saved.path("points").isNumber() ? saved.path("points").doubleValue() : otherwise.points(),
                    flag(saved.path("titled"), otherwise.titled()));
        } catch (IllegalArgumentException e) {
            LOG.warn("How pictures were written last is not known: {}", e.getMessage());
            return otherwise;
        }
    }

    @Override
    public void remember(String kind, ExportOptions options) {
        ObjectNode saved = object("/export");
        saved.put("format", options.format().name());
        saved.put("dpi", options.dpi());
        saved.put("dark", options.dark());
        saved.put("transparent", options.transparent());
        saved.put("points", options.points());
        saved.put("titled", options.titled());
        ObjectNode size = object("/export/sizes/" + kind);
        size.put("width", options.width());
        size.put("height", options.height());
        changed.run();
    }

    @Override
    public List<Path> recent() {
        return folders("recent").stream()
                .filter(Files::isDirectory)
                .limit(MOST_RECENT)
                .toList();
    }

    @Override
    public List<Path> recentStudies() {
        return folders("studies").stream()
                .filter(Files::isRegularFile)
                .limit(MOST_RECENT)
                .toList();
    }

    @Override
    public void addStudy(Path file) {
        add("studies", recentStudies(), file);
    }

    private List<Path> folders(String name) {
        List<Path> folders = new ArrayList<>();
        for (JsonNode folder : values.path(name)) {
            try {
                if (folder.isTextual()) {
                    folders.add(Path.of(folder.textValue()));
                }
            } catch (InvalidPathException e) {
                LOG.debug("{} was written on another platform", folder);
            }
        }
        return folders;
    }

    @Override
    public List<Path> unfinished() {
        return folders("runs");
    }

    @Override
    public void begun(Path folder) {
        ended(folder);
        values.withArray("/runs").add(whole(folder).toString());
    }

    @Override
    public void ended(Path folder) {
        List<Path> folders = folders("runs");
        folders.remove(whole(folder));
        ArrayNode array = values.putArray("runs");
        folders.forEach(one -> array.add(one.toString()));
    }

    @Override
    public Runnable saving() {
        int copy = copies.incrementAndGet();
        ObjectNode now = values.deepCopy();
        return () -> write(copy, now);
    }

    private static Path whole(Path folder) {
        return folder.toAbsolutePath().normalize();
    }

    @Override
    public void add(Path folder) {
        add("recent", recent(), folder);
    }

    private void add(String name, List<Path> known, Path first) {
        Path whole = whole(first);
        List<Path> all = new ArrayList<>(known);
        all.remove(whole);
        all.add(0, whole);
        ArrayNode array = values.putArray(name);
        all.stream().limit(MOST_RECENT).forEach(one -> array.add(one.toString()));
        changed.run();
    }

    private static String key(FileDialogs.Purpose purpose) {
        return purpose.name().toLowerCase(Locale.ROOT);
    }
}
