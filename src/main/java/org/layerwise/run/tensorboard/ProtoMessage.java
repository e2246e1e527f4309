package org.layerwise.run.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;

/**
 * Message in the wire format of protocol buffers, built field by field without a schema (protobuf.dev, "Encoding"). The
 * fields are written in the order of their numbers.
 */
final class ProtoMessage {

    private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

    ProtoMessage number(int field, long value) {
        return add(field, Field.newBuilder().addVarint(value));
    }

    ProtoMessage bool(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    ProtoMessage doubleValue(int field, double value) {
        return add(field, Field.newBuilder().addFixed64(Double.doubleToRawLongBits(value)));
    }

    ProtoMessage floatValue(int field, float value) {
        return add(field, Field.newBuilder().addFixed32(Float.floatToRawIntBits(value)));
    }

    ProtoMessage text(int field, String value) {
        return add(field, Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(value)));
    }

    ProtoMessage message(int field, ProtoMessage value) {
        return raw(field, value.toBytes());
    }

    ProtoMessage raw(int field, byte[] value) {
        return add(field, Field.newBuilder().addLengthDelimited(ByteString.copyFrom(value)));
    }

    byte[] toBytes() {
        return fields.build().toByteArray();
    }

    private ProtoMessage add(int field, Field.Builder value) {
        fields.mergeField(field, value.build());
        return this;
    }
}
