package org.layerwise.gui.data;

import static org.layerwise.gui.common.Messages.text;

import java.io.File;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.LongProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleLongProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.HistogramChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.token.DataSummary;
import org.layerwise.data.token.ReferenceCompatibility;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.DataPreview;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/** Opens data and chooses rows and columns. */
public final class DataViewModel {

    /** Locations of the sample tasks. */
    public static final String DEFINITIONS = DataSettings.DEFINITIONS;

    public static final String ACCEPTABILITY = DataSettings.ACCEPTABILITY;

    private static final String SAMPLES = "sample:";

    /** Default number of rows to read. */
    public static final int DEFAULT_SAMPLES = DataSettings.DEFAULT_SAMPLES;

    private final StudySession session;
    private final Workbench workbench;
    private final WorkQueue queue;
    private final Dialogs dialogs;
    private final StringProperty location = new SimpleStringProperty("");
    private final ObservableList<String> columns = FXCollections.observableArrayList();
    private final StringProperty textColumn = new SimpleStringProperty("");
    private final StringProperty secondColumn = new SimpleStringProperty("");
    private final StringProperty labelColumn = new SimpleStringProperty("");
    private final StringProperty imageColumn = new SimpleStringProperty("");
    private final IntegerProperty samples = new SimpleIntegerProperty(DEFAULT_SAMPLES);
    private final IntegerProperty maxLength =
            new SimpleIntegerProperty(DataSettings.of(DEFINITIONS).maxLength());
    private final ObjectProperty<@Nullable TaskPreset> preset = new SimpleObjectProperty<>();
    private final ObjectProperty<SamplingMode> sampling = new SimpleObjectProperty<>(SamplingMode.FIRST);
    private final LongProperty samplingSeed = new SimpleLongProperty(DataSettings.DEFAULT_SAMPLING_SEED);
    private final BooleanProperty endIsPadding = new SimpleBooleanProperty();
    private final BooleanProperty noTokenTypes = new SimpleBooleanProperty();
    private final ObjectProperty<@Nullable DataSummary> summary = new SimpleObjectProperty<>();
    private final ReadOnlyBooleanWrapper opening = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private @Nullable DataSettings prepared;
    private @Nullable DataSettings before;
    private WorkQueue.@Nullable Handle counting;

    public DataViewModel(StudySession session, Workbench workbench, WorkQueue queue, Dialogs dialogs) {
        this.session = session;
        this.workbench = workbench;
        this.queue = queue;
        this.dialogs = dialogs;
        session.modelProperty().addListener((model, was, is) -> leaveImages());
        session.modelProperty().addListener((model, was, is) -> summarize());
        session.dataProperty().addListener((data, was, is) -> summarize());
        session.dataProperty().addListener((data, was, is) -> compare());
        parts().forEach(part -> part.addListener((InvalidationListener) changed -> compare()));
    }

    /** Open data; null before data is opened. */
    public ObjectProperty<@Nullable OpenData> dataProperty() {
        return session.dataProperty();
    }

    /** File or sample task of the settings; empty before one is chosen. */
    public StringProperty locationProperty() {
        return location;
    }

    /** Returns true if the location is a sample task, whose columns are known. */
    public boolean sample() {
        return DataSettings.isSample(location.get());
    }

    /** Returns the columns to choose from. The empty name stands for a column that is found by its default name. */
    public ObservableList<String> columns() {
        return columns;
    }

    public StringProperty textColumnProperty() {
        return textColumn;
    }

    public StringProperty secondColumnProperty() {
        return secondColumn;
    }

    public StringProperty labelColumnProperty() {
        return labelColumn;
    }

    /** Column with one image per row; empty for none. */
    public StringProperty imageColumnProperty() {
        return imageColumn;
    }

    /** Observable value that is true if the open model is a vision model. */
    public ObservableValue<Boolean> sees() {
        return session.modelProperty().map(OpenModel::seesImages).orElse(false);
    }

    /** Maximum number of rows to read. */
    public IntegerProperty samplesProperty() {
        return samples;
    }

    /** Maximum number of tokens per row; longer rows are truncated. */
    public IntegerProperty maxLengthProperty() {
        return maxLength;
    }

    /** Preset for a known kind of dataset, which sets the columns; null for none. */
    public ObjectProperty<@Nullable TaskPreset> presetProperty() {
        return preset;
    }

    /** Choice of the rows to read if there are more than the maximum. */
    public ObjectProperty<SamplingMode> samplingProperty() {
        return sampling;
    }

    /** Seed of randomly sampled rows. */
    public LongProperty samplingSeedProperty() {
        return samplingSeed;
    }

    /** Property that is true if every end-of-sequence token is masked, as in the reference implementation. */
    public BooleanProperty endIsPaddingProperty() {
        return endIsPadding;
    }

    /** Property that is true if both texts of a pair get the same token type, as in the reference implementation. */
    public BooleanProperty noTokenTypesProperty() {
        return noTokenTypes;
    }

    /** Token counts of the open data for the open model; null until both are open and counted. */
    public ObjectProperty<@Nullable DataSummary> summaryProperty() {
        return summary;
    }

    /** Property that is true while data is being read. */
    public ReadOnlyBooleanProperty openingProperty() {
        return opening.getReadOnlyProperty();
    }

    /** Last problem; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Opens a file or a sample task, whose columns are found by their default names. */
    public void open(String data) {
        open(data, () -> {});
    }

    /**
     * Opens data and then calls an action.
     *
     * @param next action on the FX thread, called only if the data could be read
     */
    public void open(String data, Runnable next) {
        location.set(data);
        textColumn.set("");
        secondColumn.set("");
        labelColumn.set("");
        imageColumn.set("");
        preset.set(null);
        if (prepared != null && !DataSettings.isSample(data)) {
            take(prepared);
        }
        prepared = null;
        read(next);
    }

    /** Opens data with given settings. */
    public void open(DataSettings settings) {
        location.set(settings.data());
        take(settings);
        read(() -> {});
    }

    /** Shows settings without opening data, for example those of a study whose data does not exist. */
    public void show(DataSettings settings) {
        location.set(settings.data());
        take(settings);
    }

    private void compare() {
        OpenData open = session.dataProperty().get();
        session.dataChangedProperty()
                .set(open != null
                        && open.settings().data().equals(location.get())
                        && !open.settings().equals(settings()));
    }

    /** Returns all settings as observables. */
    public List<Observable> parts() {
        return List.of(
                location,
                textColumn,
                secondColumn,
                labelColumn,
                imageColumn,
                samples,
                maxLength,
                preset,
                sampling,
                samplingSeed,
                endIsPadding,
                noTokenTypes);
    }

    /**
     * Applies settings to the open data, or to the next data if none is open. The location in the settings is ignored.
     */
    public void prepare(DataSettings settings) {
        take(settings);
        if (location.get().isEmpty()) {
            prepared = settings;
        } else {
            read(() -> {});
        }
    }

    private void take(DataSettings settings) {
        String[] texts =
                settings.text() == null ? new String[0] : settings.text().split(",", -1);
        textColumn.set(texts.length > 0 ? texts[0] : "");
        secondColumn.set(texts.length > 1 ? texts[1] : "");
        labelColumn.set(settings.label() == null ? "" : settings.label());
        imageColumn.set(settings.image() == null ? "" : settings.image());
        samples.set(settings.samples() == null ? DEFAULT_SAMPLES : settings.samples());
        maxLength.set(settings.maxLength());
        preset.set(settings.preset());
        sampling.set(settings.sampling());
        samplingSeed.set(settings.samplingSeed());
        endIsPadding.set(settings.compatibility().contains(ReferenceCompatibility.EOS_IS_PADDING));
        noTokenTypes.set(settings.compatibility().contains(ReferenceCompatibility.NO_TOKEN_TYPES));
    }

    /** Reads the data again with the current settings. */
    public void apply() {
        if (!location.get().isEmpty()) {
            read(() -> {});
        }
    }

    /** Reads the data again with another maximum number of tokens per row. */
    void limit(int tokens) {
        maxLength.set(tokens);
        apply();
    }

    /** Returns the current settings. */
    public DataSettings settings() {
        String second = secondColumn.get();
        String first = textColumn.get();
        return new DataSettings(
                        location.get(),
                        first.isEmpty() ? null : second.isEmpty() ? first : first + "," + second,
                        labelColumn.get().isEmpty() ? null : labelColumn.get(),
                        imageColumn.get().isEmpty() ? null : imageColumn.get(),
                        samples.get() == DEFAULT_SAMPLES ? null : samples.get(),
                        maxLength.get(),
                        null)
                .withPreset(preset.get())
                .withSampling(sampling.get(), samplingSeed.get())
                .withCompatibility(switches());
    }

    private Set<ReferenceCompatibility> switches() {
        Set<ReferenceCompatibility> switches = EnumSet.noneOf(ReferenceCompatibility.class);
        if (endIsPadding.get()) {
            switches.add(ReferenceCompatibility.EOS_IS_PADDING);
        }
        if (noTokenTypes.get()) {
            switches.add(ReferenceCompatibility.NO_TOKEN_TYPES);
        }
        return switches;
    }

    /** Returns the histogram of row lengths; null while the lengths are not known. */
    public @Nullable Figure lengthsFigure() {
        DataSummary counted = summary.get();
        OpenData open = session.dataProperty().get();
        if (counted == null || open == null || counted.lengths().isEmpty()) {
            return null;
        }
        List<DataSummary.Bin> bins = counted.histogram(LengthsView.BINS);
        String name = open.preview().name();
        return new Figure(
                "lengths",
                text("figure.lengths", name),
                "lengths-" + name,
                LengthsView.chart(bins, ChartStyle.light()).exportSize(),
                style -> LengthsView.chart(bins, style).chart(),
                () -> HistogramChart.csv(bins));
    }

    /** Returns the figures of the data. */
    public List<Figure> figures() {
        return Stream.ofNullable(lengthsFigure()).toList();
    }

    /** Counts the tokens of the open data, if a model is open, which defines the tokens. */
    private void summarize() {
        summary.set(null);
        if (counting != null) {
            counting.stop();
            counting = null;
        }
        OpenData open = session.dataProperty().get();
        OpenModel model = session.modelProperty().get();
        if (open == null || model == null) {
            return;
        }
        counting = queue.submit(Work.light(
                        text("data.counting", open.preview().name()),
                        progress -> workbench.summary(model, open.settings(), progress))
                .whenDone(counted -> {
                    if (shown(open, model)) {
                        summary.set(counted);
                    }
                })
                .whenFailed(thrown -> {
                    if (shown(open, model)) {
                        problem.set(ReportedError.of(text("data.counting.failed"), thrown, this::summarize));
                    }
                }));
    }

    /** Returns true if neither other data nor another model was opened since. */
    private boolean shown(OpenData open, OpenModel model) {
        return open.equals(session.dataProperty().get())
                && model.equals(session.modelProperty().get());
    }

    /**
     * Removes the image column if the open model is not a vision model, because text models refuse rows with images.
     */
    private void leaveImages() {
        if (!imageColumn.get().isEmpty() && !sees().getValue()) {
            imageColumn.set("");
            reread(() -> {});
        }
    }

    /** Reads the data with the current settings and records the change in the undo history. */
    private void read(Runnable next) {
        OpenData open = session.dataProperty().get();
        before = open == null ? null : open.settings();
        reread(next);
    }

    private void reread(Runnable next) {
        DataSettings settings = settings();
        opening.set(true);
        problem.set(null);
        queue.submit(Work.light(
                        text("data.opening", name(settings.data())),
                        progress -> DataPreview.read(workbench, settings, progress))
                .whenDone(preview -> {
                    opening.set(false);
                    show(settings, preview);
                    next.run();
                })
                .whenFailed(thrown -> {
                    opening.set(false);
                    ReportedError failed = ReportedError.of(text("data.failed"), thrown, () -> read(next));
                    problem.set(failed);
                    dialogs.error(failed);
                })
                .whenCancelled(() -> opening.set(false)));
    }

    private void show(DataSettings settings, DataPreview preview) {
        if (settings.data().equals(location.get()) && !preview.columns().equals(columns)) {
            columns.setAll(preview.columns());
        }
        session.dataProperty().set(new OpenData(settings, preview));
        DataSettings was = before;
        before = null;
        if (was != null && !was.equals(settings)) {
            session.history().record(this, null, text("undo.data"), () -> goBack(was), () -> goBack(settings));
        }
    }

    private void goBack(DataSettings settings) {
        show(settings);
        reread(() -> {});
    }

    /** Returns the name of data that was not read yet, and whose location may be no path. */
    public static String name(String location) {
        return DataSettings.isSample(location) ? location.substring(SAMPLES.length()) : new File(location).getName();
    }
}
