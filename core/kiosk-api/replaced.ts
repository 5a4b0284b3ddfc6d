/** Code of the error with which a page's stream ends when another page has opened one: it is no longer in charge. */
export const REPLACED = 'REPLACED'
