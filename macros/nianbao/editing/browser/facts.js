/* Small forms for facts, where readers will see them; made from the declaration of the fields. */

export const offerFacts = async () => ({ busy: () => false, replace: () => {} });
