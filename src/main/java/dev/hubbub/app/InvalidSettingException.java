package dev.hubbub.app;

/** A setting has an invalid value. */
final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final Setting setting;

    InvalidSettingException(Setting setting, String message, Throwable cause) {
        super(message, cause);
        this.setting = setting;
    }

    /** This with the place that the value comes from. */
    IllegalArgumentException from(Values values) {
        return new IllegalArgumentException(getMessage() + "  (" + values.source(setting) + ")", getCause());
    }
}
