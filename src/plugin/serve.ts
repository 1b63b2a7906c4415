export const serve = async (): Promise<void> => {}
