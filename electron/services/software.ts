/** Name and version that the terminal gives itself towards backend and log; a test keeps it equal to package.json. */
export const SOFTWARE = 'one-window-kiosk/0.1.0'
