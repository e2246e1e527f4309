package org.layerwise.tensor;

import java.util.ArrayList;
import java.util.List;

/** Copies between the processor and the GPU, with the code that asked for each, in their order. */
public final class Transfers {

    /** Direction and purpose of a copy. */
    public enum Kind {
        /** Values are read by the host, which waits for the device. */
        READ,
        /** A tensor is copied to the processor, for which the host waits, too. */
        TO_CPU,
        /** A tensor is copied to the GPU. */
        TO_GPU
    }

    /** @param place class and method outside of this package, such as {@code Decoding.choose} */
    public record Transfer(Kind kind, String place) {

        @Override
        public String toString() {
            return kind + " " + place;
        }
    }

    private final List<Transfer> seen = new ArrayList<>();

    synchronized void add(Kind kind) {
        seen.add(new Transfer(kind, place()));
    }

    /** Forgets what was seen so far. */
    public synchronized void clear() {
        seen.clear();
    }

    /** Those since the last {@link #clear}, of all threads. */
    public synchronized List<Transfer> seen() {
        return List.copyOf(seen);
    }

    /** The places of one kind. */
    public List<String> places(Kind kind) {
        return seen().stream()
                .filter(one -> one.kind() == kind)
                .map(Transfer::place)
                .toList();
    }

    private static String place() {
        return StackWalker.getInstance().walk(frames -> frames.filter(
                        frame -> !frame.getClassName().startsWith(Transfers.class.getPackageName() + ".")
                                && frame.getClassName().startsWith("org.layerwise."))
                .findFirst()
                .map(frame -> frame.getClassName().replaceFirst(".*\\.", "") + "." + method(frame.getMethodName()))
                .orElse("test"));
    }

    /** The method around a lambda. */
    private static String method(String name) {
        return name.startsWith("lambda$") ? name.split("\\$")[1] : name;
    }
}
