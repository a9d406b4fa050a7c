package dev.hubbub.app;

/**
 * To whom one of Hubbub's pages is shown.
 *
 * @param on whether it is shown at all
 * @param role the role that one must have; null if everybody may see it
 */
public record Exposure(boolean on, String role) {
    private static final String ROLE = "role:";

    /** @throws IllegalArgumentException if the value is not {@code false}, {@code true} or {@code role:<name>} */
    static Exposure read(Setting setting, Values values) {
        String value = values.text(setting).strip();
        if (value.startsWith(ROLE) && value.length() > ROLE.length()) {
            return new Exposure(true, value.substring(ROLE.length()).strip());
        }
        return switch (value) {
            case "true" -> new Exposure(true, null);
            case "false" -> new Exposure(false, null);
            default -> throw setting.invalid(value, null);
        };
    }
}
