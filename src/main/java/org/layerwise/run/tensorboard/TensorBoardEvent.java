package org.layerwise.run.tensorboard;

import java.util.Map;

/**
 * Events of a training run. The field numbers are those of TensorFlow's {@code event.proto} and {@code summary.proto},
 * and of TensorBoard's {@code hparams/plugin_data.proto}.
 */
public final class TensorBoardEvent {

    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;

    private final ProtoMessage message;

    private TensorBoardEvent(double wallTime, long step) {
        message = new ProtoMessage().doubleValue(WALL_TIME, wallTime);
        if (step != 0) {
            message.number(STEP, step);
        }
    }

    /** Creates the first event of every file, which states the file version. */
    static TensorBoardEvent version(double wallTime) {
        TensorBoardEvent event = new TensorBoardEvent(wallTime, 0);
        event.message.text(FILE_VERSION, "brain.Event:2");
        return event;
    }

    /**
     * Creates an event that marks the start of a file with all steps from the first on. A running TensorBoard then
     * discards the events that it has read before.
     */
    static TensorBoardEvent start(double wallTime) {
        TensorBoardEvent event = new TensorBoardEvent(wallTime, 0);
        event.message.message(SESSION_LOG, new ProtoMessage().number(1, 1));
        return event;
    }

    /**
     * Creates an event with the values of a step.
     *
     * @param wallTime seconds since 1970
     * @param scalars values by tag; stored as float32, as TensorBoard does
     */
    public static TensorBoardEvent scalars(double wallTime, long step, Map<String, Double> scalars) {
        TensorBoardEvent event = new TensorBoardEvent(wallTime, step);
        ProtoMessage summary = new ProtoMessage();
        scalars.forEach((tag, value) ->
                summary.message(1, new ProtoMessage().text(1, tag).floatValue(2, (float) (double) value)));
        event.message.message(SUMMARY, summary);
        return event;
    }

    /**
     * Creates an event with the settings of a run, for the HPARAMS tab.
     *
     * @param wallTime seconds since 1970
     * @param settings settings by name; numbers and booleans keep their type, all other values are stored as text
     * @param name name of the run
     */
    public static TensorBoardEvent settings(double wallTime, Map<String, ?> settings, String name) {
        ProtoMessage session = new ProtoMessage();
        settings.forEach((key, value) ->
                session.message(1, new ProtoMessage().text(1, key).message(2, value(value))));
        session.text(4, name).doubleValue(5, wallTime);
        byte[] content = new ProtoMessage().message(3, session).toBytes();
        ProtoMessage plugin = new ProtoMessage().text(1, "hparams").raw(2, content);
        ProtoMessage value = new ProtoMessage()
                .text(1, "_hparams_/session_start_info")
                .message(9, new ProtoMessage().message(1, plugin));
        TensorBoardEvent event = new TensorBoardEvent(wallTime, 0);
        event.message.message(SUMMARY, new ProtoMessage().message(1, value));
        return event;
    }

    /** Returns a value as google.protobuf.Value. */
    private static ProtoMessage value(Object value) {
        if (value instanceof Boolean bool) {
            return new ProtoMessage().bool(4, bool);
        }
        if (value instanceof Number number) {
            return new ProtoMessage().doubleValue(2, number.doubleValue());
        }
        return new ProtoMessage().text(3, String.valueOf(value));
    }

    byte[] toBytes() {
        return message.toBytes();
    }
}
